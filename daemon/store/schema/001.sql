-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- The first schema. Facts (event, event_body, document, batch, dataset_version, dataset_blob) are only ever
-- added; idempotency keys are added, and removed when they are old; rows (deal, approval, outbox, search_text) are projections of events and can be made
-- anew; counters are maintained. Times are microseconds since 1970 UTC.

-- One row a fact about the store itself: 'development' is 1 once it was ever opened so;
-- 'restored' is the last deal of the copy that was restored last.
CREATE TABLE property (
  name TEXT PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A deal's chain: head = SHA-256 (previous head, header, body_digest); see chain.c.
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  time INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  caller TEXT NOT NULL,
  body_digest BLOB NOT NULL,
  head BLOB NOT NULL,
  UNIQUE (deal, version)
) STRICT;

-- Beside the chain, so that erasing salt and body (both NULL then) leaves it whole. Not WITHOUT ROWID: the key
-- is the rowid already.
CREATE TABLE event_body (
  sequence INTEGER PRIMARY KEY REFERENCES event (sequence),
  salt BLOB,
  body TEXT
) STRICT;

-- Each once, whatever names it. A rowid table: bytes in the key's own tree would make it deep.
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;

-- The store's chain: one row a COMMIT that added events or dataset versions. Events first_event … last_event are
-- its own; content is SHA-256 over their heads and its dataset versions; row 0 is the random beginning.
CREATE TABLE batch (
  number INTEGER PRIMARY KEY,
  first_event INTEGER NOT NULL,
  last_event INTEGER NOT NULL,
  time INTEGER NOT NULL,
  content BLOB NOT NULL,
  head BLOB NOT NULL
) STRICT;

CREATE TABLE dataset_version (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  time INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  caller TEXT NOT NULL,
  digest BLOB NOT NULL,
  batch INTEGER NOT NULL,
  UNIQUE (name, version)
) STRICT;
CREATE INDEX dataset_version_by_batch ON dataset_version (batch);

CREATE TABLE dataset_blob (
  id INTEGER PRIMARY KEY REFERENCES dataset_version (id),
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE idempotency (
  uid INTEGER NOT NULL,
  key TEXT NOT NULL,
  digest BLOB NOT NULL,
  reply BLOB NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (uid, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (time);

-- The columns that lists need come before the state, which may overflow the page.
CREATE TABLE deal (
  number INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  next_timer INTEGER,
  title TEXT NOT NULL,
  customer TEXT NOT NULL,
  owner TEXT NOT NULL,
  head BLOB NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX deal_by_state ON deal (state, number);
CREATE INDEX deal_by_customer ON deal (customer, number);
CREATE INDEX deal_by_timer ON deal (next_timer) WHERE next_timer IS NOT NULL;

CREATE TABLE approval (
  deal INTEGER NOT NULL REFERENCES deal (number),
  revision INTEGER NOT NULL,
  step INTEGER NOT NULL,
  candidate TEXT NOT NULL,
  measure TEXT NOT NULL,
  value TEXT NOT NULL,
  requester TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (deal, revision, step, candidate)
) STRICT, WITHOUT ROWID;
CREATE INDEX approval_by_candidate ON approval (candidate, deal, revision, step);

-- State 0 is pending, as DdOrderState.
CREATE TABLE outbox (
  deal INTEGER NOT NULL REFERENCES deal (number),
  "order" TEXT NOT NULL,
  key TEXT NOT NULL,
  document TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  trying INTEGER NOT NULL,
  released INTEGER NOT NULL,
  next_attempt INTEGER NOT NULL,
  PRIMARY KEY (deal, "order")
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (next_attempt, deal, "order") WHERE state = 0;

-- What a deal is found by, a text a line. The index has no texts of its own, and no sizes: nothing is ranked,
-- the newest deal comes first. A list for each prefix of up to eight letters: what begins many words is read
-- as far as it is shown. A longer one is merged from the words when it is asked for, half a millisecond a thousand
-- deals.
CREATE TABLE search_text (
  number INTEGER PRIMARY KEY REFERENCES deal (number),
  facts TEXT NOT NULL,
  lines TEXT NOT NULL,
  words TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
  facts, lines, words,
  content = 'search_text', content_rowid = 'number', columnsize = 0, prefix = '1 2 3 4 5 6 7 8',
  tokenize = 'unicode61 remove_diacritics 2'
);

-- The one row, number 1.
CREATE TABLE counter (
  number INTEGER PRIMARY KEY,
  last_deal INTEGER NOT NULL,
  deals INTEGER NOT NULL,
  events INTEGER NOT NULL,
  pending_orders INTEGER NOT NULL,
  held_orders INTEGER NOT NULL,
  open_approvals INTEGER NOT NULL
) STRICT;
INSERT INTO counter VALUES (1, 0, 0, 0, 0, 0, 0);

-- Facts stay: a fault of ours can't change them either.
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE (ABORT, 'events are never changed'); END;
CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT RAISE (ABORT, 'events are never removed'); END;
CREATE TRIGGER batch_stays BEFORE UPDATE ON batch BEGIN SELECT RAISE (ABORT, 'batches are never changed'); END;
CREATE TRIGGER batch_kept BEFORE DELETE ON batch BEGIN SELECT RAISE (ABORT, 'batches are never removed'); END;
CREATE TRIGGER document_stays BEFORE UPDATE ON document BEGIN SELECT RAISE (ABORT, 'documents are never changed'); END;
CREATE TRIGGER dataset_version_stays BEFORE UPDATE ON dataset_version BEGIN SELECT RAISE (ABORT, 'dataset versions are never changed'); END;
CREATE TRIGGER dataset_version_kept BEFORE DELETE ON dataset_version BEGIN SELECT RAISE (ABORT, 'dataset versions are never removed'); END;
CREATE TRIGGER dataset_blob_stays BEFORE UPDATE ON dataset_blob BEGIN SELECT RAISE (ABORT, 'dataset versions are never changed'); END;
CREATE TRIGGER dataset_blob_kept BEFORE DELETE ON dataset_blob BEGIN SELECT RAISE (ABORT, 'dataset versions are never removed'); END;
