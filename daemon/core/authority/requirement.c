/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Requirements and requests as values, and what their decisions add up to (see requirement.h). Any thread.
 */
#include "authority/requirement.h"

#include "deal/record.h"

#define USER  "user:"
#define GROUP "group:"

static void
decision_free (gpointer data)
{
  DdApprovalDecision *decision = data;

  g_free (decision->person);
  g_free (decision->reason);
  g_free (decision);
}

DdRequirement *
dd_requirement_new (void)
{
  DdRequirement *requirement = g_new0 (DdRequirement, 1);

  requirement->need = 1;
  requirement->candidates = g_ptr_array_new_with_free_func (g_free);
  requirement->informed = g_ptr_array_new_with_free_func (g_free);
  requirement->governed = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_governed_free);
  requirement->decisions = g_ptr_array_new_with_free_func (decision_free);
  return requirement;
}

void
dd_requirement_decide (DdRequirement *requirement, const DdApprovalDecision *decision)
{
  DdApprovalDecision *copy = g_new (DdApprovalDecision, 1);

  *copy = *decision;
  copy->person = g_strdup (decision->person);
  copy->reason = g_strdup (decision->reason);
  g_ptr_array_add (requirement->decisions, copy);
}

static void
copy_texts (GPtrArray *to, const GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, g_strdup (g_ptr_array_index (from, i)));
}

DdRequirement *
dd_requirement_copy (const DdRequirement *requirement)
{
  DdRequirement *copy = dd_requirement_new ();

  copy->step = requirement->step;
  copy->plugin = g_strdup (requirement->plugin);
  copy->rule = g_strdup (requirement->rule);
  copy->measure = g_strdup (requirement->measure);
  copy->subject = g_strdup (requirement->subject);
  copy->value = g_strdup (requirement->value);
  copy->limit = g_strdup (requirement->limit);
  copy->note = g_strdup (requirement->note);
  copy->higher_is_worse = requirement->higher_is_worse;
  copy->level = requirement->level;
  copy->need = requirement->need;
  copy_texts (copy->candidates, requirement->candidates);
  copy_texts (copy->informed, requirement->informed);
  for (guint i = 0; i < requirement->governed->len; i++)
    g_ptr_array_add (copy->governed, dd_governed_copy (g_ptr_array_index (requirement->governed, i)));
  for (guint i = 0; i < requirement->decisions->len; i++)
    dd_requirement_decide (copy, g_ptr_array_index (requirement->decisions, i));
  return copy;
}

void
dd_requirement_free (DdRequirement *requirement)
{
  g_free (requirement->plugin);
  g_free (requirement->rule);
  g_free (requirement->measure);
  g_free (requirement->subject);
  g_free (requirement->value);
  g_free (requirement->limit);
  g_free (requirement->note);
  g_ptr_array_unref (requirement->candidates);
  g_ptr_array_unref (requirement->informed);
  g_ptr_array_unref (requirement->governed);
  g_ptr_array_unref (requirement->decisions);
  g_free (requirement);
}

DdApprovalRequest *
dd_approval_request_new (void)
{
  DdApprovalRequest *request = g_new0 (DdApprovalRequest, 1);

  request->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_requirement_free);
  return request;
}

void
dd_approval_request_free (DdApprovalRequest *request)
{
  g_free (request->requester);
  g_free (request->recorder);
  g_free (request->sheet);
  g_ptr_array_unref (request->steps);
  g_free (request);
}

static gboolean
approved_by (const DdRequirement *requirement, const char *person)
{
  for (guint i = 0; i < requirement->decisions->len; i++)
    {
      const DdApprovalDecision *decision = g_ptr_array_index (requirement->decisions, i);
      if (decision->approved && g_str_equal (decision->person, person))
        return TRUE;
    }
  return FALSE;
}

/* Who the members of a group are isn't known here, so a group among those who all must agree never did. */
static gboolean
all_agreed (const DdRequirement *requirement, const char *person)
{
  for (guint i = 0; i < requirement->candidates->len; i++)
    {
      const char *candidate = g_ptr_array_index (requirement->candidates, i);
      const char *user = g_str_has_prefix (candidate, USER) ? candidate + strlen (USER) : NULL;

      if (user == NULL || (g_strcmp0 (user, person) != 0 && !approved_by (requirement, user)))
        return FALSE;
    }
  return requirement->candidates->len > 0;
}

gboolean
dd_requirement_met_with (const DdRequirement *requirement, const char *person)
{
  guint count = person != NULL && !approved_by (requirement, person) ? 1 : 0;

  if (requirement->need == DD_NEED_ALL)
    return all_agreed (requirement, person);
  for (guint i = 0; i < requirement->decisions->len; i++)
    if (((DdApprovalDecision *)g_ptr_array_index (requirement->decisions, i))->approved)
      count++;
  return count >= requirement->need;
}

gboolean
dd_requirement_can_be_met (const DdRequirement *requirement)
{
  for (guint i = 0; i < requirement->candidates->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (requirement->candidates, i), GROUP))
      return requirement->need != DD_NEED_ALL;
  return requirement->candidates->len > 0 &&
         (requirement->need == DD_NEED_ALL || requirement->need <= requirement->candidates->len);
}

gboolean
dd_requirement_met (const DdRequirement *requirement)
{
  return dd_requirement_met_with (requirement, NULL);
}

gboolean
dd_requirement_open (const DdApprovalRequest *request, const DdRequirement *requirement)
{
  if (dd_requirement_met (requirement))
    return FALSE;
  for (guint i = 0; i < request->steps->len; i++)
    {
      const DdRequirement *other = g_ptr_array_index (request->steps, i);
      if (other->level < requirement->level && !dd_requirement_met (other))
        return FALSE;
    }
  return TRUE;
}

gboolean
dd_requirement_has_candidate (const DdRequirement *requirement, const char *person, const GPtrArray *groups)
{
  for (guint i = 0; i < requirement->candidates->len; i++)
    {
      const char *candidate = g_ptr_array_index (requirement->candidates, i);
      if (g_str_has_prefix (candidate, USER) && g_str_equal (candidate + strlen (USER), person))
        return TRUE;
      if (g_str_has_prefix (candidate, GROUP) && groups != NULL &&
          g_ptr_array_find_with_equal_func ((GPtrArray *)groups, candidate + strlen (GROUP), g_str_equal,
                                            NULL))
        return TRUE;
    }
  return FALSE;
}

static void
write_decision (const DdApprovalDecision *decision, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_boolean (writer, "approved", decision->approved);
  dd_json_put_string (writer, "person", decision->person);
  dd_json_put_string (writer, "reason", decision->reason);
  dd_record_put_number (writer, "standing", decision->standing);
  dd_record_put_number (writer, "time", decision->time);
  dd_json_write_end_object (writer);
}

static void
write_texts (const char *key, const GPtrArray *texts, DdJsonWriter *writer)
{
  dd_json_write_key (writer, key);
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < texts->len; i++)
    dd_json_write_string (writer, g_ptr_array_index (texts, i));
  dd_json_write_end_array (writer);
}

void
dd_requirement_write (const DdRequirement *requirement, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  write_texts ("candidates", requirement->candidates, writer);
  if (requirement->decisions->len > 0)
    {
      dd_json_write_key (writer, "decisions");
      dd_json_write_begin_array (writer);
      for (guint i = 0; i < requirement->decisions->len; i++)
        write_decision (g_ptr_array_index (requirement->decisions, i), writer);
      dd_json_write_end_array (writer);
    }
  dd_governed_write_all (requirement->governed, writer);
  dd_json_put_boolean (writer, "higherIsWorse", requirement->higher_is_worse);
  if (requirement->informed->len > 0)
    write_texts ("informed", requirement->informed, writer);
  dd_json_put_int64 (writer, "level", requirement->level);
  dd_json_put_string (writer, "limit", requirement->limit);
  dd_json_put_string (writer, "measure", requirement->measure);
  dd_json_put_int64 (writer, "need", requirement->need);
  dd_json_put_string (writer, "note", requirement->note);
  dd_json_put_string (writer, "plugin", requirement->plugin);
  dd_json_put_string (writer, "rule", requirement->rule);
  dd_json_put_int64 (writer, "step", requirement->step);
  dd_json_put_string (writer, "subject", requirement->subject);
  dd_json_put_string (writer, "value", requirement->value);
  dd_json_write_end_object (writer);
}

static void
read_texts (const DdJsonNode *node, const char *key, GPtrArray *texts)
{
  for (const DdJsonNode *n = dd_record_elements (node, key); n != NULL; n = dd_json_next (n))
    if (dd_json_type (n) == DD_JSON_STRING)
      g_ptr_array_add (texts, g_strdup (dd_json_text (n)));
}

DdRequirement *
dd_requirement_read (const DdJsonNode *node, GError **error)
{
  DdRequirement *requirement = dd_requirement_new ();

  requirement->step = (guint)dd_record_number (node, "step");
  requirement->plugin = dd_record_text (node, "plugin");
  requirement->rule = dd_record_text (node, "rule");
  requirement->measure = dd_record_text (node, "measure");
  requirement->value = dd_record_text (node, "value");
  requirement->limit = dd_record_text (node, "limit");
  requirement->higher_is_worse = dd_record_flag (node, "higherIsWorse");
  requirement->level = (guint)dd_record_number (node, "level");
  requirement->need = (guint)dd_record_number (node, "need");
  requirement->subject = dd_record_text (node, "subject");
  requirement->note = dd_record_text (node, "note");
  read_texts (node, "candidates", requirement->candidates);
  read_texts (node, "informed", requirement->informed);
  for (const DdJsonNode *n = dd_record_elements (node, "decisions"); n != NULL; n = dd_json_next (n))
    {
      DdApprovalDecision *decision = g_new0 (DdApprovalDecision, 1);
      decision->person = dd_record_text (n, "person");
      decision->reason = dd_record_text (n, "reason");
      decision->approved = dd_record_flag (n, "approved");
      decision->time = dd_record_number (n, "time");
      decision->standing = (guint)dd_record_number (n, "standing");
      g_ptr_array_add (requirement->decisions, decision);
    }
  if (requirement->step > 0 && requirement->need > 0 && requirement->measure != NULL &&
      requirement->rule != NULL && dd_governed_read_all (node, requirement->governed))
    return requirement;
  dd_fail (error, DD_ERROR_STORE_DAMAGED,
           "a recorded requirement lacks its step, need, measure or rule, or what it governs can't be read");
  dd_requirement_free (requirement);
  return NULL;
}

static const char *const kind_names[] = { "table", "accept" };
G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == DD_N_REQUEST_KINDS);

const char *
dd_request_kind_name (DdRequestKind kind)
{
  return kind_names[kind];
}

void
dd_approval_request_write (const DdApprovalRequest *request, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "kind", kind_names[request->kind]);
  dd_json_put_string (writer, "recorder", request->recorder);
  dd_json_put_string (writer, "requester", request->requester);
  dd_json_put_int64 (writer, "revision", request->revision);
  dd_json_put_string (writer, "sheet", request->sheet);
  dd_json_write_key (writer, "steps");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < request->steps->len; i++)
    dd_requirement_write (g_ptr_array_index (request->steps, i), writer);
  dd_json_write_end_array (writer);
  dd_record_put_number (writer, "time", request->time);
  dd_record_put_flag (writer, "variant", request->variant);
  dd_json_write_end_object (writer);
}

DdApprovalRequest *
dd_approval_request_read (const DdJsonNode *node, GError **error)
{
  DdApprovalRequest *request = dd_approval_request_new ();
  g_autofree char *kind = dd_record_text (node, "kind");

  request->kind = g_strcmp0 (kind, kind_names[DD_REQUEST_ACCEPT]) == 0 ? DD_REQUEST_ACCEPT : DD_REQUEST_TABLE;
  request->requester = dd_record_text (node, "requester");
  request->recorder = dd_record_text (node, "recorder");
  request->revision = (guint)dd_record_number (node, "revision");
  request->sheet = dd_record_text (node, "sheet");
  request->time = dd_record_number (node, "time");
  request->variant = dd_record_flag (node, "variant");
  for (const DdJsonNode *n = dd_record_elements (node, "steps"); n != NULL; n = dd_json_next (n))
    {
      DdRequirement *requirement = dd_requirement_read (n, error);
      if (requirement == NULL)
        {
          dd_approval_request_free (request);
          return NULL;
        }
      g_ptr_array_add (request->steps, requirement);
    }
  if (request->revision > 0 && request->requester != NULL && request->sheet != NULL &&
      request->steps->len > 0)
    return request;
  dd_fail (error, DD_ERROR_STORE_DAMAGED,
           "a recorded approval request lacks its revision, requester, sheet or steps");
  dd_approval_request_free (request);
  return NULL;
}
