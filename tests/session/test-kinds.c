/* The descriptors of the edits: complete, and in agreement with the settings, icons and samples that are kept elsewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "app/base/limn-app-error.h"
#include "app/edit/limn-edit.h"
#include "engine/limn-engine.h"

static gboolean
is_word (const char *text)
{
  return text && *text && strspn (text, "abcdefghijklmnopqrstuvwxyz-") == strlen (text);
}

static void
assert_parameter (const LimnEditKind *kind, int i)
{
  const LimnParameter *parameter = &kind->parameters[i];

  g_test_message ("%s %s", kind->nick, parameter->name);
  g_assert_true (is_word (parameter->name));
  g_assert_cmpint (limn_edit_kind_find (kind, parameter->name), ==, i);
  g_assert_cmpfloat (parameter->range.min, <, parameter->range.max);
  g_assert_true (limn_range_contains (&parameter->range, parameter->initial));
  for (const double *choice = parameter->range.choices; choice && *choice != 0; choice++)
    g_assert_true (*choice >= parameter->range.min && *choice <= parameter->range.max);
  if (parameter->unless)
    g_assert_cmpint (limn_edit_kind_find (kind, parameter->unless), !=, i);
  if (parameter->unless)
    g_assert_cmpint (kind->parameters[limn_edit_kind_find (kind, parameter->unless)].type, ==, LIMN_PARAMETER_REAL);
  if (!parameter->label) { /* behind those that people set */
    g_assert_null (parameter[1].label);
    return;
  }
  g_assert_nonnull (parameter->help);
  g_assert_true (g_ascii_isupper (*parameter->help) || g_ascii_isdigit (*parameter->help)); /* limn-cli begins with a small letter */
  g_assert_true (!parameter->slider[0] == !parameter->slider[1]);
  g_assert_true (!parameter->range.choices == !parameter->short_label);
  if (parameter->type == LIMN_PARAMETER_FLAG)
    g_assert_true (parameter->range.min == 0 && parameter->range.max == 1);
}

static void
test_complete (void)
{
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    g_autofree char *example = g_strdup_printf ("  limn-cli %s ", kind->nick);
    LimnTask found;
    int n = 0;

    g_assert_true (is_word (kind->nick) && limn_task_from_nick (kind->nick, &found) && found == task);
    g_assert_true (kind->label && kind->verb && kind->run);
    g_assert_true (kind->summary && kind->text && g_str_has_prefix (kind->examples, example));
    g_assert_cmpint (kind->needs & ~kind->takes, ==, 0);
    g_assert_true (!kind->needs == !kind->missing);
    g_assert_true (!kind->offer || kind->suits || kind->recognizes); /* it is said where the kind was chosen */
    g_assert_cmpint (kind->tools[0], <, LIMN_N_TOOLS);
    g_assert_true (!kind->enlarges || limn_edit_kind_find (kind, "scale") >= 0);
    g_assert_true (!(kind->takes & LIMN_TAKES_DRAWING) ||
                   (limn_edit_kind_find (kind, "width") >= 0 && limn_edit_kind_find (kind, "height") >= 0));
    /* they are the same input of an edit */
    g_assert_cmpint (__builtin_popcount (kind->takes & (LIMN_TAKES_GUIDE | LIMN_TAKES_DOTS | LIMN_TAKES_DRAWING)), <=, 1);
    for (; kind->parameters[n].name; n++)
      assert_parameter (kind, n);
    g_assert_cmpint (n, <=, LIMN_MAX_PARAMETERS);
  }
}

static void
test_ranges (void)
{
  const double choices[] = { 2, 3, 8, 0 };
  const LimnRange some = { 2, 8, choices, FALSE }, all = LIMN_RANGE (0, 1000000), judged = LIMN_RANGE_OR_AUTOMATIC (0, 1);
  g_autofree char *some_text = limn_range_to_string (&some), *all_text = limn_range_to_string (&all);
  g_autofree char *judged_text = limn_range_to_string (&judged);
  LimnTask task;

  g_assert_cmpstr (some_text, ==, "2, 3 or 8");
  g_assert_cmpstr (all_text, ==, "0 to 1000000");
  g_assert_cmpstr (judged_text, ==, "0 to 1 or auto");
  g_assert_true (limn_range_contains (&some, 3) && !limn_range_contains (&some, 4) && !limn_range_contains (&some, 0));
  g_assert_true (limn_range_contains (&all, 0) && !limn_range_contains (&all, -0.001) && !limn_range_contains (&all, 0.0 / 0.0));
  g_assert_true (limn_range_contains (&judged, LIMN_PARAMETER_AUTOMATIC) && !limn_range_contains (&judged, -0.5));
  g_assert_false (limn_range_contains (&all, LIMN_PARAMETER_AUTOMATIC));
  g_assert_cmpfloat (LIMN_PARAMETER_AUTOMATIC, ==, (double) LIMN_AUTOMATIC); /* values go to the engine as they are */
  g_assert_false (limn_task_from_nick ("zero-shot", &task));
}

/* An edit that is asked for with a number out of its range, or without what it needs, says so. */
static void
test_checked (void)
{
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new ("../resources/models", 1, NULL);

  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);

    for (int i = 0; kind->parameters[i].name; i++) {
      g_autoptr (LimnEdit) edit = limn_edit_new (task);
      g_autoptr (GError) error = NULL;

      limn_edit_set (edit, kind->parameters[i].name, kind->parameters[i].range.max * 2 + 1);
      g_assert_null (limn_edit_run (edit, 0, engine, NULL, NULL, NULL, &error));
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, kind->parameters[i].name));
    }
    if (!(kind->takes & LIMN_TAKES_DRAWING)) {
      g_autoptr (LimnEdit) edit = limn_edit_new (task);
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_edit_run (edit, 0, engine, NULL, NULL, NULL, &error));
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, "photo"));
    }
  }
}

static void
assert_key (GSettingsSchema *schema, const char *name, const LimnParameter *parameter)
{
  static const char *const types[] = { [LIMN_PARAMETER_REAL] = "d", [LIMN_PARAMETER_INT] = "i", [LIMN_PARAMETER_FLAG] = "b" };
  g_autoptr (GSettingsSchemaKey) key = NULL;
  g_autoptr (GVariant) initial = NULL, range = NULL, limits = NULL;
  g_autofree char *told = NULL;

  g_test_message ("%s", name);
  g_assert_true (g_settings_schema_has_key (schema, name));
  key = g_settings_schema_get_key (schema, name);
  g_assert_cmpstr (g_variant_type_peek_string (g_settings_schema_key_get_value_type (key)), ==, types[parameter->type]);
  initial = g_settings_schema_key_get_default_value (key);
  range = g_settings_schema_key_get_range (key);
  g_variant_get (range, "(sv)", &told, &limits);
  if (parameter->type == LIMN_PARAMETER_FLAG) {
    g_assert_cmpint (g_variant_get_boolean (initial), ==, parameter->initial != 0);
  } else if (parameter->type == LIMN_PARAMETER_INT) {
    int min, max;

    g_variant_get (limits, "(ii)", &min, &max);
    g_assert_true (g_variant_get_int32 (initial) == parameter->initial && min == limn_range_get_least (&parameter->range) &&
                   max == parameter->range.max);
  } else {
    double min, max;

    g_variant_get (limits, "(dd)", &min, &max);
    g_assert_true (g_variant_get_double (initial) == parameter->initial && min == limn_range_get_least (&parameter->range) &&
                   max == parameter->range.max);
  }
}

/* Every parameter that people set has a key, and no key is of a parameter that isn't there. */
static void
test_schema (void)
{
  static const char *const others[] = { "sketch-color", "sketch-view", NULL };
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = g_settings_schema_source_lookup (source, "org.limn.Limn", FALSE);
  g_auto (GStrv) keys = g_settings_schema_list_keys (schema);

  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    g_autofree char *prefix = g_strconcat (kind->nick, "-", NULL);

    for (const LimnParameter *parameter = kind->parameters; parameter->label; parameter++) {
      g_autofree char *name = limn_edit_kind_dup_key (kind, parameter);

      assert_key (schema, name, parameter);
    }
    for (char **key = keys; *key; key++)
      if (g_str_has_prefix (*key, prefix) && !g_strv_contains (others, *key))
        g_assert_cmpint (limn_edit_kind_find (kind, *key + strlen (prefix)), >=, 0);
  }
}

/* A file of resources/, which the build puts into the program. */
static void
assert_resource (const char *format, const char *name)
{
  g_autofree char *path = g_strdup_printf (format, name), *file = g_build_filename ("..", "resources", path, NULL);

  g_test_message ("%s", path);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
}

static void
test_pictures (void)
{
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    g_autofree char *sample = kind->sample ? g_build_filename ("..", "resources", "samples", kind->sample, NULL) : NULL;

    assert_resource ("icons/scalable/actions/limn-%s-symbolic.svg", kind->nick);
    if (kind->invitation) {
      assert_resource ("start/%s-before.jpg", kind->nick);
      assert_resource ("start/%s-after.jpg", kind->nick);
    }
    if (sample)
      g_assert_true (g_file_test (sample, G_FILE_TEST_IS_REGULAR));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kinds/complete", test_complete);
  g_test_add_func ("/kinds/ranges", test_ranges);
  g_test_add_func ("/kinds/checked", test_checked);
  g_test_add_func ("/kinds/schema", test_schema);
  g_test_add_func ("/kinds/pictures", test_pictures);
  return g_test_run ();
}
