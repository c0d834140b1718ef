/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The outbox at work (see handoff.h). Main thread, but for reading and delivering.
 *
 * An order's way: due -> an attempt is recorded as begun, synced -> the plugin delivers, in a job -> the
 * outcome is recorded. An order whose begun attempt has no outcome (a crash, a full disk) is due at once, and
 * is delivered "again". An unknown outcome is tried again once, where the sink can tell; then a person
 * decides.
 */
#include "handoff.h"

#include "alarm.h"
#include "announce.h"
#include "completion.h"
#include "door.h"
#include "message-ids.h"
#include "pricing.h"

#define PAGE             16
#define FIRST_PAUSE_US   G_TIME_SPAN_SECOND
#define LONGEST_PAUSE_US G_TIME_SPAN_HOUR

struct _DdHandoff
{
  const DdService *service;
  GHashTable *under_way; /* set of keys, so that no order is tried twice at once */
  DdAlarm alarm;
  gboolean reading;
  gboolean again;
  GPtrArray *due; /* Attempt*; while reading, the reader's */
  gint64 next;
};

typedef struct
{
  DdHandoff *handoff;
  gint64 deal;
  char *order;
  char *key;
  char *sha256;
  guint attempts;    /* before this one */
  gboolean again;    /* an earlier attempt's outcome is unknown */
  gboolean released; /* a person said to try it again nevertheless */
  GBytes *document;
  DdPins *pins;
  DdDelivery delivery;
  char *receipt;
} Attempt;

static void look (DdHandoff *handoff);

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  g_free (attempt->order);
  g_free (attempt->key);
  g_free (attempt->sha256);
  g_clear_pointer (&attempt->document, g_bytes_unref);
  g_clear_pointer (&attempt->pins, dd_pins_free);
  g_free (attempt->receipt);
  g_free (attempt);
}

/* --- recording --- */

static void
record (Attempt *attempt,
        DdOrderState state,
        DdAttempt kind,
        gint64 next_attempt,
        const char *note,
        DdRequestDone done)
{
  DdCommand *command = dd_command_new (DD_COMMAND_RECORD_HANDOFF);
  DdRequest *request = dd_request_new (attempt->handoff->service, command, attempt->deal);

  command->actor = g_strdup ("handoff");
  command->now = dd_service_now ();
  command->order = g_strdup (attempt->order);
  command->order_state = state;
  command->attempt = kind;
  command->attempts = attempt->attempts;
  command->next_attempt = next_attempt;
  command->text = g_strdup (note);
  request->caller = g_strdup ("daemon");
  request->done = done;
  request->done_data = attempt;
  dd_engine_run (request);
}

static void
finish_attempt (Attempt *attempt)
{
  DdHandoff *handoff = attempt->handoff;

  g_hash_table_remove (handoff->under_way, attempt->key);
  attempt_free (attempt);
  look (handoff);
}

static void
on_recorded (DdRequest *request, gpointer data)
{
  Attempt *attempt = data;
  DdHandoff *handoff = attempt->handoff;

  if (request->error != NULL)
    g_warning ("order %s of D-%" G_GINT64_FORMAT ": its outcome can't be recorded: %s", attempt->order,
               attempt->deal, request->error->message);
  else
    {
      if (request->command->order_state == DD_ORDER_HELD)
        dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_ORDER_HELD,
                    "Order %s of D-%" G_GINT64_FORMAT " is held: %s", attempt->order, attempt->deal,
                    request->command->text);
      dd_announce (handoff->service, request);
    }
  dd_request_free (request);
  finish_attempt (attempt);
}

static gint64
next_attempt (const Attempt *attempt)
{
  gint64 pause = FIRST_PAUSE_US << MIN (attempt->attempts, 12);

  return dd_service_now () + MIN (pause, LONGEST_PAUSE_US);
}

static void
record_outcome (gpointer data)
{
  Attempt *attempt = data;
  const char *receipt =
    attempt->receipt != NULL && attempt->receipt[0] != '\0' ? attempt->receipt : "no receipt";

  switch (attempt->delivery)
    {
    case DD_DELIVERY_DELIVERED:
      record (attempt, DD_ORDER_DELIVERED, DD_ATTEMPT_KNOWN, 0, receipt, on_recorded);
      break;
    case DD_DELIVERY_RETRY:
      record (attempt, DD_ORDER_PENDING, DD_ATTEMPT_KNOWN, next_attempt (attempt), receipt, on_recorded);
      break;
    case DD_DELIVERY_REJECTED:
      record (attempt, DD_ORDER_HELD, DD_ATTEMPT_KNOWN, 0, receipt, on_recorded);
      break;
    case DD_DELIVERY_UNKNOWN:
      record (attempt, attempt->again ? DD_ORDER_HELD : DD_ORDER_PENDING, DD_ATTEMPT_UNKNOWN,
              attempt->again ? 0 : next_attempt (attempt), receipt, on_recorded);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* --- delivering, in a job --- */

static gboolean
load (DdReader *reader, gpointer data, GError **error)
{
  Attempt *attempt = data;

  attempt->pins = dd_pins_new (attempt->handoff->service, reader, error);
  attempt->document = attempt->pins != NULL ? dd_reader_document (reader, attempt->sha256, error) : NULL;
  return attempt->document != NULL;
}

static void
job (gpointer data)
{
  Attempt *attempt = data;
  const DdService *service = attempt->handoff->service;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = dd_deal_id_format (attempt->deal);

  if (dd_store_read_here (service->store, load, attempt, &error))
    {
      DdCallContext context = dd_pricing_context (attempt->pins, NULL, id, dd_service_now ());
      attempt->delivery =
        dd_host_deliver (service->host, &context, attempt->key, id, attempt->order, attempt->document,
                         attempt->again, attempt->released, &attempt->receipt);
    }
  else
    {
      attempt->delivery = attempt->again ? DD_DELIVERY_UNKNOWN : DD_DELIVERY_RETRY;
      attempt->receipt = g_strdup (error->message);
    }
  dd_completion_push (service->completion, record_outcome, attempt);
}

static void
job_failed (gpointer data, const GError *error)
{
  Attempt *attempt = data;

  /* Unavailable: the job never ran, and this attempt sent nothing; otherwise it hangs in the plugin. */
  attempt->delivery = !attempt->again && g_error_matches (error, DD_ERROR, DD_ERROR_UNAVAILABLE)
                        ? DD_DELIVERY_RETRY
                        : DD_DELIVERY_UNKNOWN;
  g_free (attempt->receipt);
  attempt->receipt = g_strdup (error->message);
  dd_completion_push (attempt->handoff->service->completion, record_outcome, attempt);
}

static void
on_begun (DdRequest *request, gpointer data)
{
  Attempt *attempt = data;
  DdHandoff *handoff = attempt->handoff;
  gboolean failed = request->error != NULL;

  if (failed)
    g_warning ("order %s of D-%" G_GINT64_FORMAT ": an attempt can't be recorded: %s", attempt->order,
               attempt->deal, request->error->message);
  else
    dd_announce (handoff->service, request);
  dd_request_free (request);
  if (!failed)
    {
      dd_host_run (handoff->service->host, job, job_failed, attempt);
      return;
    }
  /* Nothing was sent. It stays due; a pause keeps a full disk from becoming a storm. */
  g_hash_table_remove (handoff->under_way, attempt->key);
  attempt_free (attempt);
  dd_alarm_set (&handoff->alarm, dd_service_now () + FIRST_PAUSE_US);
}

/* --- looking for what is due --- */

static gboolean
must_rest (const DdHandoff *handoff)
{
  return handoff->service->stopping || dd_door_is_closed (handoff->service->door);
}

static gboolean
add_due (const DdOrderRow *row, gpointer data)
{
  DdHandoff *handoff = data;
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->handoff = handoff;
  attempt->deal = row->deal;
  attempt->order = g_strdup (row->order);
  attempt->key = g_strdup (row->key);
  attempt->sha256 = g_strdup (row->document);
  attempt->attempts = row->attempts;
  attempt->again = row->trying;
  attempt->released = row->released;
  g_ptr_array_add (handoff->due, attempt);
  return TRUE;
}

static gboolean
read_due (DdReader *reader, gpointer data, GError **error)
{
  DdHandoff *handoff = data;

  return dd_reader_due_orders (reader, dd_service_now (), PAGE, add_due, handoff, error) &&
         dd_reader_next_order (reader, &handoff->next, error);
}

static void
on_read (gpointer data)
{
  DdHandoff *handoff = data;
  g_autoptr (GPtrArray) due = handoff->due;
  gint64 now = dd_service_now ();

  handoff->due = g_ptr_array_new_with_free_func (attempt_free);
  g_ptr_array_set_free_func (due, NULL);
  handoff->reading = FALSE;
  for (guint i = 0; i < due->len; i++)
    {
      Attempt *attempt = g_ptr_array_index (due, i);
      if (must_rest (handoff) || !g_hash_table_add (handoff->under_way, g_strdup (attempt->key)))
        {
          attempt_free (attempt);
          continue;
        }
      /* Due again at once, should this process end now. */
      record (attempt, DD_ORDER_PENDING, DD_ATTEMPT_BEGINS, now, NULL, on_begun);
    }
  if (handoff->again)
    {
      handoff->again = FALSE;
      look (handoff);
    }
  else if (g_hash_table_size (handoff->under_way) == 0)
    dd_alarm_set (&handoff->alarm, handoff->next);
}

static void
read_done (gpointer data, const GError *error)
{
  DdHandoff *handoff = data;

  if (error != NULL)
    {
      g_warning ("the outbox can't be read: %s", error->message);
      /* Of what was found it isn't known whether an earlier attempt's outcome is. */
      g_ptr_array_set_size (handoff->due, 0);
      handoff->next = dd_service_now () + FIRST_PAUSE_US;
    }
  dd_completion_push (handoff->service->completion, on_read, handoff);
}

static void
look (DdHandoff *handoff)
{
  if (must_rest (handoff))
    return;
  if (handoff->reading)
    {
      handoff->again = TRUE;
      return;
    }
  handoff->reading = TRUE;
  dd_store_read (handoff->service->store, read_due, read_done, handoff);
}

static void
on_alarm (gpointer data)
{
  look (data);
}

DdHandoff *
dd_handoff_new (const DdService *service)
{
  DdHandoff *handoff = g_new0 (DdHandoff, 1);

  handoff->service = service;
  handoff->alarm = (DdAlarm){ .ring = on_alarm, .data = handoff };
  handoff->under_way = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  handoff->due = g_ptr_array_new_with_free_func (attempt_free);
  look (handoff);
  return handoff;
}

void
dd_handoff_free (DdHandoff *handoff)
{
  dd_alarm_clear (&handoff->alarm);
  g_hash_table_unref (handoff->under_way);
  g_ptr_array_unref (handoff->due);
  g_free (handoff);
}

void
dd_handoff_wake (DdHandoff *handoff)
{
  look (handoff);
}

gboolean
dd_handoff_is_busy (const DdHandoff *handoff)
{
  return handoff->reading || g_hash_table_size (handoff->under_way) > 0;
}
