/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Secrets planted in every internal field, and looked for in everything that a customer can read.
 *
 * The control finds each of them in what the provider reads: without it, a secret that was never stored would
 * pass.
 */
#include "moves.h"

#include <string.h>

#define REQUESTER "secretseller"
#define MANAGER   "secretboss"

/* What is planted, or follows from it, and where the provider must see it. */
typedef enum
{
  IN_SHEET = 1 << 0, /* Export sheet */
  IN_GET = 1 << 1,
  IN_LOG = 1 << 2
} Where;

static const struct
{
  const char *text;
  guint where;
} secrets[] = {
  { "7654321000", IN_SHEET },          /* a unit's cost in micros */
  { "8765432000", IN_SHEET },          /* another's */
  { "secret-rule", IN_GET | IN_LOG },  /* the authority's rule */
  { "secret-group", IN_GET | IN_LOG }, /* who could decide */
  { "3.579", IN_GET | IN_LOG },        /* the limit */
  { REQUESTER, IN_GET | IN_LOG },      { MANAGER, IN_LOG },
  { "secret-refusal", IN_LOG }, /* why a manager refused */
  { "secret-comment", IN_LOG }, /* why a manager approved */
  { "secret-label", IN_SHEET }, /* what the seller called an alteration */
};

/* What a view would make of them, and words that have no place in one. */
static const char *const derived[] = { "7654321", "8765432",       "7654.32", "8765.43",  "7272.12",
                                       "8315.43", "discretionary", "margin",  "\"cost\"", "costs" };

static void
import_secrets (Rig *rig)
{
  rig_import_samples (rig);
  rig_import (rig, "costs",
              "offering,charge,currency,cost\nepl-100,setup,EUR,8765.432\nepl-100,rental,EUR,7654.321\n", -1);
  rig_import (rig, "members", "group,person\nsellers," REQUESTER "\nsecret-group," MANAGER "\n", -1);
  rig_import (rig, "authority",
              "id,who,measure,above,up_to,currency,segment,level,valid_from,valid_to\n"
              "plain-rule,group:sellers,discount.discretionary,0%,3.579%,,,1,2020-01-01,\n"
              "secret-rule,group:secret-group,discount.discretionary,3.579%,20%,,,1,2020-01-01,\n",
              -1);
}

static char *
secret_offer (const char *percent)
{
  return g_strdup_printf ("{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\",\"quantity\":1,\"alterations\":"
                          "[{\"charge\":\"rental\","
                          "\"kind\":\"percent-off\",\"value\":\"%s\",\"label\":\"secret-label\"}]}],"
                          "\"orders\":[{\"id\":\"1\",\"lines\":[\"1\"]}],"
                          "\"commitment\":12}",
                          percent);
}

/* Decides the open request as the manager; @reason: (nullable): refuses. */
static void
decide (Rig *rig, const char *deal, guint revision, const char *reason)
{
  g_autoptr (DdJson) state = call_must (call_new (deal, "Get"), rig->connection);
  Call *call =
    call_number (call_number (call_new (deal, reason != NULL ? "Refuse" : "Approve"), revision), 0);

  call_text (call, text_at (state, "requests/0/sheet"));
  if (reason != NULL)
    call_text (call, reason);
  else
    call_option (call, "comment", g_variant_new_string ("secret-comment"));
  g_autoptr (DdJson) done = call_must (call_as (call, MANAGER), rig->connection);
}

static void
add_text (GString *all, Rig *rig, Call *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = answer_text (answer, NULL);
  g_string_append (all, text);
  g_string_append_c (all, '\n');
  call_free (call);
}

/* Drafts too: what would be shown of them must hold no secret either. */
static Call *
shown (Call *call)
{
  return call_option (call, "draft", g_variant_new_boolean (TRUE));
}

static void
add_documents (GString *all, Rig *rig, const char *deal)
{
  g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
  g_autoptr (GPtrArray) names = list_spool (rig);

  g_assert_cmpuint (dd_json_length (at (dd_json_root (orders), "orders")), ==, 1);
  g_assert_cmpuint (names->len, ==, 1);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (rig->spool, names->pdata[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_string_append (all, text);
    }
  add_text (all, rig, call_new (deal, "Orders"));
}

static char *
customer_reads (Rig *rig, const char *deal, guint n_revisions)
{
  GString *all = g_string_new (NULL);

  add_text (all, rig,
            call_option (call_number (call_text (call_new (deal, "Export"), "tmf648"), 0), "request",
                         g_variant_new_boolean (TRUE)));
  for (guint i = 1; i <= n_revisions; i++)
    {
      add_text (all, rig, shown (call_number (call_new (deal, "View"), i)));
      add_text (all, rig, shown (call_number (call_text (call_new (deal, "Export"), "view"), i)));
      add_text (all, rig, shown (call_number (call_text (call_new (deal, "Export"), "tmf648"), i)));
      add_text (all, rig, call_number (call_number (call_new (deal, "Diff"), 1), i));
    }
  add_documents (all, rig, deal);
  return g_string_free (all, FALSE);
}

static void
check_hidden (const char *all)
{
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (strstr (all, secrets[i].text) != NULL)
      g_error ("a customer can read “%s”: …%.200s", secrets[i].text,
               strstr (all, secrets[i].text) - MIN (100, strstr (all, secrets[i].text) - all));
  for (guint i = 0; i < G_N_ELEMENTS (derived); i++)
    if (strstr (all, derived[i]) != NULL)
      g_error ("a customer can read “%s”: …%.200s", derived[i],
               strstr (all, derived[i]) - MIN (100, strstr (all, derived[i]) - all));
  /* It isn't empty: the price that is offered is there. */
  g_assert_nonnull (strstr (all, "\"epl-100\""));
}

static void
check_control (Rig *rig, const char *deal, const char *get_while_open)
{
  g_autoptr (GString) sheet = g_string_new (NULL);
  g_autoptr (GString) log = g_string_new (NULL);

  add_text (sheet, rig, call_number (call_text (call_new (deal, "Export"), "sheet"), 2));
  add_text (log, rig, call_number (call_value (call_new (deal, "Log"), g_variant_new_uint64 (0)), 1000));
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      if (((secrets[i].where & IN_SHEET) && strstr (sheet->str, secrets[i].text) == NULL) ||
          ((secrets[i].where & IN_GET) && strstr (get_while_open, secrets[i].text) == NULL) ||
          ((secrets[i].where & IN_LOG) && strstr (log->str, secrets[i].text) == NULL))
        g_error ("“%s” was never stored, so hiding it shows nothing: %s\n%s\n%s", secrets[i].text, sheet->str,
                 get_while_open, log->str);
    }
}

static void
test_secrets (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *first = secret_offer ("11%");
  g_autofree char *second = secret_offer ("9%");
  g_autoptr (GString) get = g_string_new (NULL);

  rig_start (rig);
  import_secrets (rig);
  g_autofree char *deal = open_small (rig, 1, NULL);
  g_autoptr (DdJson) waits = propose (rig, deal, first, REQUESTER);
  g_assert_cmpstr (text_at (waits, "proposalState"), ==, "awaiting-approval");
  decide (rig, deal, 1, "secret-refusal");
  g_autoptr (DdJson) waits_again = propose (rig, deal, second, REQUESTER);
  g_assert_cmpstr (text_at (waits_again, "proposalState"), ==, "awaiting-approval");
  add_text (get, rig, call_new (deal, "Get"));
  decide (rig, deal, 2, NULL);
  g_autoptr (DdJson) agreed = accept (rig, deal, 2, TRUE);
  sign_both (rig, deal, 2);
  rig_wait_state (rig, deal, "closed");

  check_control (rig, deal, get->str);
  g_autofree char *all = customer_reads (rig, deal, 2);
  check_hidden (all);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secrets/nothing-internal-reaches-the-customer", test_secrets);
  return g_test_run ();
}
