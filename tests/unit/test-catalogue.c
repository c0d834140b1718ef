/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * TMF620 catalogues as tables: what becomes a row, what is told, and what is refused where.
 */
#include "json/json-parts.h"
#include "tmf/catalogue.h"

#include <string.h>

static DdCatalogue *
read_text (const char *text, GError **error)
{
  return dd_catalogue_read ("c.json", text, strlen (text), NULL, NULL, error);
}

static DdCatalogue *
read_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  DdCatalogue *catalogue = read_text (text, &error);

  g_assert_no_error (error);
  return catalogue;
}

static const char *
table (const DdCatalogue *catalogue, DdCatalogueTableKind kind)
{
  guint rows = 0;

  for (const char *c = catalogue->tables[kind].csv->str; *c != '\0'; c++)
    rows += *c == '\n';
  g_assert_cmpuint (catalogue->tables[kind].lines->len, ==, rows - 1);
  return catalogue->tables[kind].csv->str;
}

static void
assert_told (const DdCatalogue *catalogue, const char *remark)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < catalogue->remarks->len; i++)
    {
      if (strcmp (remark, g_ptr_array_index (catalogue->remarks, i)) == 0)
        return;
      g_string_append_printf (all, "%s\n", (char *)g_ptr_array_index (catalogue->remarks, i));
    }
  g_error ("nothing says “%s”; there is\n%s", remark, all->str);
}

/* An offering "o" with the inline price @price. (transfer full) */
static char *
offer (const char *price)
{
  return g_strdup_printf ("{\"id\":\"o\",\"name\":\"O\",\"productOfferingPrice\":[%s]}", price);
}

#define RENTAL                                                                                               \
  "\"priceType\":\"recurring\",\"recurringChargePeriodType\":\"month\",\"price\":{\"unit\":\"EUR\","         \
  "\"value\":12.50}"

#define OFFERINGS "id,name,category,unit,valid_from,valid_to\n"
#define CHARGES   "offering,charge,name,type,period,currency,price,mode"

static void
test_kinds (void)
{
  g_autoptr (DdCatalogue) catalogue = read_good (
    "[{\"id\":\"p1\",\"name\":\"Rental, \\\"gold\\\"\"," RENTAL "},\n"
    " {\"id\":\"p2\",\"priceType\":\"One Time\",\"price\":{\"unit\":\"JPY\",\"value\":\"7\"}},\n"
    " {\"id\":\"p3\",\"priceType\":\"usage\",\"unitOfMeasure\":{\"amount\":1000,\"units\":\"GB\"},"
    "\"price\":{\"unit\":\"USD\",\"value\":0.000000123}},\n"
    " {\"id\":\"o1\",\"name\":\"One\",\"category\":[{\"id\":\"c\",\"name\":\"access\"}],"
    "\"productOfferingPrice\":[{\"id\":\"p2\"},{\"id\":\"p1\"}]},\n"
    " {\"id\":\"o2\",\"name\":\"Two\",\"productOfferingPrice\":[{\"id\":\"p3\"},{\"id\":\"p1\"}]}]");

  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_OFFERINGS), ==,
                   OFFERINGS "o1,One,access,,,\no2,Two,,GB,,\n");
  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_CHARGES), ==,
                   CHARGES ",per\n"
                           "o1,p2,p2,oneTime,,JPY,7,flat,\n"
                           "o1,p1,\"Rental, \"\"gold\"\"\",recurring,month,EUR,12.5,flat,\n"
                           "o2,p3,p3,usage,,USD,0.000000123,flat,1000\n"
                           "o2,p1,\"Rental, \"\"gold\"\"\",recurring,month,EUR,12.5,flat,\n");
  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_TIERS), ==, "offering,charge,from,price\n");
  g_assert_cmpuint (catalogue->remarks->len, ==, 0);
  /* Rows know the lines that they come from. */
  g_assert_cmpuint (g_array_index (catalogue->tables[DD_CATALOGUE_OFFERINGS].lines, guint32, 1), ==, 5);
  g_assert_cmpuint (g_array_index (catalogue->tables[DD_CATALOGUE_CHARGES].lines, guint32, 2), ==, 3);
}

static void
test_periods (void)
{
  static const struct
  {
    const char *type;
    int length;
    const char *period;
  } cases[] = { { "day", 1, "day" },       { "weekly", 0, "week" },  { "Month", 1, "month" },
                { "month", 3, "quarter" }, { "months", 12, "year" }, { "annual", 1, "year" },
                { "day", 7, "week" },      { "quarter", 4, "year" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *price =
        g_strdup_printf ("{\"id\":\"p\",\"priceType\":\"recurring\",\"recurringChargePeriodType\":\"%s\","
                         "\"recurringChargePeriodLength\":%d,\"price\":{\"unit\":\"EUR\",\"value\":1}}",
                         cases[i].type, cases[i].length);
      g_autofree char *text = offer (price);
      g_autoptr (DdCatalogue) catalogue = read_good (text);
      g_autofree char *row = g_strdup_printf (CHARGES "\no,p,p,recurring,%s,EUR,1,flat\n", cases[i].period);

      g_assert_cmpstr (table (catalogue, DD_CATALOGUE_CHARGES), ==, row);
    }
}

static void
test_places (void)
{
  static const char *const texts[] = {
    "{\"id\":\"o\",\"name\":\"O\",\"productOfferingPrice\":[{\"id\":\"p\"," RENTAL "}]}",
    "[{\"id\":\"o\",\"name\":\"O\",\"productOfferingPrice\":[{\"id\":\"p\"}]},{\"id\":\"p\"," RENTAL "}]",
    "{\"productOfferingPrice\":[{\"id\":\"p\"," RENTAL "}],\"productOffering\":[{\"id\":\"o\",\"name\":\"O\","
    "\"productOfferingPrice\":[{\"id\":\"p\"}]}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (DdCatalogue) catalogue = read_good (texts[i]);

      g_assert_cmpstr (table (catalogue, DD_CATALOGUE_OFFERINGS), ==, OFFERINGS "o,O,,,,\n");
      g_assert_cmpstr (table (catalogue, DD_CATALOGUE_CHARGES), ==,
                       CHARGES "\no,p,p,recurring,month,EUR,12.5,flat\n");
    }
}

static void
test_days (void)
{
  g_autoptr (DdCatalogue) catalogue =
    read_good ("[{\"id\":\"o\",\"name\":\"O\",\"validFor\":{\"startDateTime\":\"2026-03-01\",\"endDateTime\":"
               "\"2028-03-01T00:00Z\"},\"productOfferingPrice\":[{\"id\":\"a\"},{\"id\":\"b\"}]},"
               "{\"id\":\"a\",\"validFor\":{\"endDateTime\":\"2026-12-31T23:59:59Z\"}," RENTAL "},"
               "{\"id\":\"b\",\"validFor\":{\"startDateTime\":\"2027-01-01T00:00:00.000Z\"}," RENTAL "}]");

  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_OFFERINGS), ==, OFFERINGS "o,O,,,2026-03-01,2028-02-29\n");
  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_CHARGES), ==,
                   CHARGES ",valid_from,valid_to\n"
                           "o,a,a,recurring,month,EUR,12.5,flat,,2026-12-31\n"
                           "o,b,b,recurring,month,EUR,12.5,flat,2027-01-01,\n");
}

#define TIER(id, range)                                                                                      \
  "{\"id\":\"" id "\",\"prodSpecCharValueUse\":[{\"name\":\"Quantity\","                                     \
  "\"productSpecCharacteristicValue\":[{" range "}]}]," RENTAL "}"

static void
test_tiers (void)
{
  g_autoptr (DdCatalogue) bundled =
    read_good ("[{\"id\":\"o\",\"name\":\"O\",\"productOfferingPrice\":[{\"id\":\"all\"}]},"
               "{\"id\":\"all\",\"name\":\"Seats\",\"isBundle\":true,\"pricingLogicAlgorithm\":[{\"name\":"
               "\"Graduated\"}],"
               "\"bundledPopRelationship\":[{\"id\":\"b\"},{\"id\":\"a\"}]}," TIER (
                 "a", "\"valueFrom\":1,\"valueTo\":10") "," TIER ("b", "\"valueFrom\":11") "]");
  g_autoptr (DdCatalogue) plain = read_good (
    "[{\"id\":\"o\",\"name\":\"O\",\"productOfferingPrice\":[{\"id\":\"a\"},{\"id\":\"b\"}]}," TIER (
      "a",
      "\"valueFrom\":0,\"valueTo\":10,\"rangeInterval\":\"closedBottom\"") "," TIER ("b",
                                                                                     "\"valueFrom\":10,"
                                                                                     "\"valueTo\":90") "]");

  g_assert_cmpstr (table (bundled, DD_CATALOGUE_CHARGES), ==,
                   CHARGES "\no,all,Seats,recurring,month,EUR,,graduated\n");
  g_assert_cmpstr (table (bundled, DD_CATALOGUE_TIERS), ==,
                   "offering,charge,from,price\no,all,1,12.5\no,all,11,12.5\n");
  g_assert_cmpuint (bundled->remarks->len, ==, 0);
  g_assert_cmpstr (table (plain, DD_CATALOGUE_CHARGES), ==, CHARGES "\no,a,a,recurring,month,EUR,,volume\n");
  g_assert_cmpstr (table (plain, DD_CATALOGUE_TIERS), ==,
                   "offering,charge,from,price\no,a,0,12.5\no,a,10,12.5\n");
  assert_told (plain,
               "Not imported: how tiers count, which isn't said: they are by volume (1; the first: a).");
  assert_told (plain, "Not imported: the end of the last tier, which goes on (1; the first: a).");
}

static void
test_parts (void)
{
  g_autoptr (DdCatalogue) catalogue =
    read_good ("[{\"id\":\"o\",\"name\":\"O\",\"productOfferingPrice\":[{\"id\":\"all\"},{\"id\":\"x\"}]},"
               "{\"id\":\"all\",\"isBundle\":true,\"price\":{\"unit\":\"EUR\",\"value\":25},"
               "\"bundledPopRelationship\":[{\"id\":\"x\"},{\"id\":\"y\"}]},"
               "{\"id\":\"x\",\"popRelationship\":[{\"id\":\"d\",\"relationshipType\":\"discount\"},"
               "{\"id\":\"z\",\"relationshipType\":\"installation\"}]," RENTAL "},"
               "{\"id\":\"y\"," RENTAL
               "},{\"id\":\"z\",\"priceType\":\"oneTime\",\"price\":{\"unit\":\"EUR\",\"value\":3}},"
               "{\"id\":\"d\",\"priceType\":\"discount\",\"percentage\":10}]");

  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_CHARGES), ==,
                   CHARGES "\no,x,x,recurring,month,EUR,12.5,flat\no,z,z,oneTime,,EUR,3,flat\n"
                           "o,y,y,recurring,month,EUR,12.5,flat\n");
  assert_told (catalogue, "Not imported: bundled prices' own amounts (1; the first: all).");
  assert_told (catalogue, "Not imported: prices' relationships of type “discount” (1; the first: x).");
  assert_told (catalogue, "Not imported: prices that are percentages (1; the first: d).");
}

static void
test_left_out (void)
{
  g_autoptr (DdCatalogue) catalogue = read_good (
    "{\"@type\":\"Catalog\",\"category\":[1],\"productOffering\":[{\"id\":\"o\",\"name\":\"O\","
    "\"productSpecification\":{\"id\":\"s\"},\"agreement\":[],\"productOfferingPrice\":[{\"id\":\"old\"},"
    "{\"id\":\"unknown\"},{\"id\":\"fine\"},{\"id\":\"there\"},{\"id\":\"taxed\"}]},"
    "{\"id\":\"gone\",\"lifecycleStatus\":\"Retired\"},{\"id\":\"gone2\",\"lifecycleStatus\":\"Retired\"}],"
    "\"productOfferingPrice\":[{\"id\":\"old\",\"lifecycleStatus\":\"Obsolete\"},"
    "{\"id\":\"fine\",\"priceType\":\"penalty\",\"price\":{\"unit\":\"EUR\",\"value\":1}},"
    "{\"id\":\"there\",\"place\":[{\"id\":\"DE\"}]," RENTAL "},"
    "{\"id\":\"taxed\",\"tax\":[{\"taxRate\":19}]," RENTAL "},{\"id\":\"lonely\"," RENTAL "}]}");

  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_OFFERINGS), ==, OFFERINGS "o,O,,,,\n");
  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_CHARGES), ==,
                   CHARGES "\no,taxed,taxed,recurring,month,EUR,12.5,flat\n");
  assert_told (catalogue, "Not imported: other members of the file (1; the first: category).");
  assert_told (catalogue, "Not imported: offerings' productSpecification (1; the first: o).");
  assert_told (catalogue, "Not imported: offerings with lifecycleStatus “Retired” (2; the first: gone).");
  assert_told (catalogue, "Not imported: prices with lifecycleStatus “Obsolete” (1; the first: old).");
  assert_told (catalogue,
               "Not imported: prices that the file doesn't have (1; the first: unknown of offering o).");
  assert_told (catalogue, "Not imported: prices of priceType “penalty” (1; the first: fine).");
  assert_told (catalogue, "Not imported: prices under a condition (place) (1; the first: there).");
  assert_told (catalogue, "Not imported: prices' tax (1; the first: taxed).");
  assert_told (catalogue, "Not imported: prices that no offering refers to (1; the first: lonely).");
  g_assert_cmpuint (catalogue->remarks->len, ==, 9);
}

/* Prices written inside offerings are theirs, whatever others call theirs. */
static void
test_inside (void)
{
  g_autoptr (DdCatalogue) catalogue = read_good (
    "[{\"id\":\"a\",\"name\":\"A\",\"productOfferingPrice\":[{\"id\":\"1\"," RENTAL "}]},"
    "{\"id\":\"b\",\"name\":\"B\",\"productOfferingPrice\":[{\"name\":\"1\",\"priceType\":\"oneTime\","
    "\"price\":{\"dutyFreeAmount\":{\"unit\":\"EUR\",\"value\":2},\"taxRate\":19}}]}]");

  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_CHARGES), ==,
                   CHARGES "\na,1,1,recurring,month,EUR,12.5,flat\nb,1,1,oneTime,,EUR,2,flat\n");
}

static void
test_refused (void)
{
  static const struct
  {
    const char *price;
    const char *words;
  } cases[] = {
    { "{\"id\":\"p\",\"price\":{\"unit\":\"EUR\",\"value\":1}}",
      "c.json:1: $: productOfferingPrice[0]: price “p” has no priceType; it is oneTime, recurring or usage" },
    { "{\"id\":\"p\",\"priceType\":\"oneTime\"}", "productOfferingPrice[0]: lacks the member \"price\"" },
    { "{\"id\":\"p\",\"priceType\":\"oneTime\",\"price\":{\"unit\":\"EUR\",\"value\":-1}}",
      "productOfferingPrice[0].price.value: a price isn't negative" },
    { "{\"id\":\"p\",\"priceType\":\"oneTime\",\"price\":{\"unit\":\"EUR\",\"value\":1.00000001}}",
      "price.value: only a usage price has more than six digits" },
    { "{\"id\":\"p\",\"priceType\":\"usage\",\"price\":{\"unit\":\"EUR\",\"value\":0.0000000001}}",
      "price.value" },
    { "{\"id\":\"p\",\"priceType\":\"usage\",\"price\":{\"unit\":\"EUR\",\"value\":99999999999999999999}}",
      "price.value" },
    { "{\"id\":\"p\",\"priceType\":\"usage\",\"price\":{\"unit\":\"euro\",\"value\":1}}", "price.unit" },
    { "{\"id\":\"p\",\"priceType\":\"usage\",\"price\":{\"taxIncludedAmount\":{\"unit\":\"EUR\",\"value\":1}}"
      "}",
      "only an amount with tax" },
    { "{\"id\":\"p\",\"priceType\":\"recurring\",\"price\":{\"unit\":\"EUR\",\"value\":1}}",
      "has no recurringChargePeriodType" },
    { "{\"id\":\"p\",\"priceType\":\"recurring\",\"recurringChargePeriodType\":\"fortnight\",\"price\":{}}",
      "recurringChargePeriodType: “fortnight” is no period" },
    { "{\"id\":\"p\",\"recurringChargePeriodType\":\"month\",\"recurringChargePeriodLength\":6,\"price\":{}}",
      "recurringChargePeriodLength: there is no period of 6 months" },
    { "{\"id\":\"p\",\"unitOfMeasure\":{\"amount\":0,\"units\":\"GB\"}," RENTAL "}",
      "unitOfMeasure.amount: a price is for more than nothing" },
    { "{\"id\":\"p\",\"validFor\":{\"startDateTime\":\"soon\"}," RENTAL "}",
      "validFor.startDateTime: “soon” is no moment" },
    { "{\"id\":\"p\",\"validFor\":{\"startDateTime\":\"2026-02-01\",\"endDateTime\":\"2026-01-01\"}," RENTAL
      "}",
      "its last day, 2026-01-01, is before its first, 2026-02-01" },
    { TIER ("p", "\"valueFrom\":1,\"valueTo\":10") "," TIER ("q", "\"valueFrom\":12"),
      "c.json:1: offering “o”: price “q” is a tier from 12, and the one before it, “p” on line 1, ends at "
      "10" },
    { TIER ("p", "\"valueFrom\":1,\"valueTo\":10") "," TIER ("q", "\"valueFrom\":10"), "is a tier from 10" },
    { TIER ("p", "\"valueFrom\":1") "," TIER ("q", "\"valueFrom\":10"), "ends never" },
    { TIER ("p", "\"valueFrom\":-1"), "not negative" },
    { TIER ("p", "\"valueFrom\":1,\"rangeInterval\":\"open\""), "closed or closedBottom" },
    { "{\"id\":\"p\"," RENTAL "},{\"id\":\"p\"," RENTAL "}", "price “p” is on line 1 already" },
    { "{" RENTAL "}", "has neither id nor name" },
    { "{\"id\":\"p\",\"bundledPopRelationship\":[{\"id\":\"p\"}]}", "price “p” is a part of itself" },
    { "17", "productOfferingPrice[0]: must be an object with the id of a price" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = offer (cases[i].price);
      g_autoptr (GError) error = NULL;

      if (read_text (text, &error) != NULL)
        g_error ("%s was taken", text);
      g_assert_cmpint (error->domain, ==, DD_ERROR);
      if (strstr (error->message, cases[i].words) == NULL || !g_str_has_prefix (error->message, "c.json:"))
        g_error ("“%s” isn't “%s”", error->message, cases[i].words);
    }
}

static void
test_refused_files (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "", "c.json: line 1, column 1: the end of the text, where an array or object should be" },
    { "[]", "c.json: there is no product offering in use in it" },
    { "[{\"id\":\"p\"," RENTAL "}]", "no product offering in use" },
    { "[\n{\"id\":\"x\"}]", "c.json:2: [0]: $: is neither a product offering nor a price" },
    { "[{\"id\":\"o\",\"isSellable\":true},\n {\"id\":\"o\",\"isSellable\":true}]",
      "c.json:2: [1]: $: the offering is on line 1 already" },
    { "[{\"id\":\"o\",\"isSellable\":true}\n {\"id\":\"q\"}]",
      "c.json: line 2, column 2: \"{\", where a comma or ] should be" },
    { "[{\"id\":\"o\",\"isSellable\":true}", "line 1, column 30: the end of the text" },
    { "[{\"id\":\"o\",\"isSellable\":true}]x", "where the end of the text should be" },
    { "[{\"id\":\"o\",\"isSellable\":true},\n  {\"id\":\"q\",\n \"name\":\"x\" \"y\"}]", "line 3, column" },
    { "[{\"id\":\"o\",\"id\":\"o\"}]", "there twice" },
    { "{\"productOffering\":[3]}", "productOffering[0]: $: must be an object" },
    { "{\"productOffering\":[],\"productOfferingPrice\":3}", "productOfferingPrice must be an array" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_text (cases[i].text, &error));
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("“%s” isn't “%s”", error->message, cases[i].words);
    }
}

/* --- parts --- */

static gboolean
count_part (const DdJsonPart *part, gpointer data, GError **error)
{
  g_autoptr (DdJson) json = dd_json_part_parse (part, NULL, error);

  *(guint *)data += json != NULL;
  return json != NULL;
}

/* Whatever is cut off or changed, parts say what the whole says. */
static void
test_parts_and_whole (void)
{
  static const char text[] =
    " [ {\"a\" : [1,2,{\"b\":\"}]\\\"\"}]} ,\n\"x,y\", 12.5 ,[ ],null,\r\n{}, true ] ";
  static const char bytes[] = "[]{},:\"\\ 1a\n";
  guint good = 0;

  for (guint round = 0; round < 20000; round++)
    {
      g_autofree char *changed = g_memdup2 (text, sizeof text);
      gsize length = sizeof text - 1;
      g_autoptr (DdJson) whole = NULL;
      DdJsonPart part;
      guint n = 0;
      gboolean taken;

      if (round > 0)
        changed[g_test_rand_int_range (0, (int)length)] =
          bytes[g_test_rand_int_range (0, (int)sizeof bytes - 1)];
      if (round % 4 == 3)
        length = (gsize)g_test_rand_int_range (0, (int)length);
      whole = dd_json_parse (changed, length, NULL, NULL);
      part = dd_json_part_whole (changed, length);
      taken = dd_json_each_part (&part, count_part, &n, NULL);
      if (whole == NULL || dd_json_type (dd_json_root (whole)) < DD_JSON_ARRAY)
        {
          if (taken)
            g_error ("taken: %.*s", (int)length, changed);
          continue;
        }
      if (!taken || n != dd_json_length (dd_json_root (whole)))
        g_error ("%u parts: %.*s", n, (int)length, changed);
      good++;
    }
  g_assert_cmpuint (good, >, 100);
}

static gboolean
stop (gint64 done, gint64 all, gpointer data)
{
  (void)done;
  (void)all;
  (void)data;
  return FALSE;
}

static void
test_stopped (void)
{
  g_autofree char *text = offer ("{\"id\":\"p\"," RENTAL "}");
  g_autoptr (GError) error = NULL;

  g_assert_null (dd_catalogue_read ("c.json", text, strlen (text), stop, NULL, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_UNAVAILABLE);
}

static void
test_sample (void)
{
  const char *folder = g_getenv ("SAMPLES");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "data/samples", "catalogue.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (DdCatalogue) catalogue = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  catalogue = read_good (text);
  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_OFFERINGS), ==,
                   OFFERINGS "wan-100,Managed WAN 100 Mbit/s,access,,2026-01-01,\n"
                             "voice-seat,Voice seat,voice,seat,,\n"
                             "object-storage,Object storage,cloud,request,2026-01-01,2028-12-31\n");
  g_assert_cmpstr (table (catalogue, DD_CATALOGUE_TIERS), ==,
                   "offering,charge,from,price\nvoice-seat,voice-seat-rental,1,9.5\n"
                   "voice-seat,voice-seat-rental,51,8.25\n");
  g_assert_nonnull (strstr (table (catalogue, DD_CATALOGUE_CHARGES),
                            "object-storage,requests,Requests,usage,,EUR,0.0436,flat,10000\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalogue/prices-in-use-are-charges-of-each-offering-that-refers-to-them", test_kinds);
  g_test_add_func ("/catalogue/periods-have-one-name", test_periods);
  g_test_add_func ("/catalogue/alone-in-arrays-and-in-an-object-of-arrays-it-is-the-same", test_places);
  g_test_add_func ("/catalogue/valid-for-gives-first-and-last-days", test_days);
  g_test_add_func ("/catalogue/ranges-of-quantity-are-tiers", test_tiers);
  g_test_add_func ("/catalogue/parts-of-prices-are-charges-once", test_parts);
  g_test_add_func ("/catalogue/what-has-no-place-is-counted", test_left_out);
  g_test_add_func ("/catalogue/a-price-inside-an-offering-is-its-own", test_inside);
  g_test_add_func ("/catalogue/what-would-be-a-wrong-price-is-refused-with-its-path", test_refused);
  g_test_add_func ("/catalogue/a-file-that-is-none-is-refused-with-its-line", test_refused_files);
  g_test_add_func ("/catalogue/the-sample-is-read", test_sample);
  g_test_add_func ("/catalogue/reading-stops-when-it-is-told-to", test_stopped);
  g_test_add_func ("/json/parts-say-what-the-whole-says", test_parts_and_whole);
  return g_test_run ();
}
