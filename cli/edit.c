/* limn-cli's commands of the edits, each made from the edit's kind. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/formats/limn-input.h"
#include "cli.h"

#include <string.h>

/* -- Its options -- */

static const CliOption mask[] = {
  { "mask", 'm', CLI_TEXT, CLI_AT (mask), "MASK", "picture of the photo's size: white = edit, black = keep", CLI_NO_RANGE },
  { 0 },
};
static const CliOption guide[] = {
  { "paint", 0, CLI_TEXT, CLI_AT (paint), "RGBA", "rough colours that the edit should follow, of the photo's size", CLI_NO_RANGE },
  { "lines", 0, CLI_TEXT, CLI_AT (lines), "PNG", "dark lines that the edit should follow, of the photo's size", CLI_NO_RANGE },
  { 0 },
};
static const CliOption sources[] = {
  { "from", 0, CLI_TEXT, CLI_AT (from), "MASK", "white = copy texture from here, and from nowhere else", CLI_NO_RANGE },
  { "not-from", 0, CLI_TEXT, CLI_AT (not_from), "MASK", "white = don't copy from here", CLI_NO_RANGE },
  { 0 },
};
static const CliOption surface[] = {
  { "surface", 0, CLI_LIST, CLI_AT (surfaces), "PICTURE", "copy texture from PICTURE, or its part PICTURE:X,Y,W,H", CLI_NO_RANGE },
  { 0 },
};
static const CliOption own_materials[] = {
  { "surface", 0, CLI_LIST, CLI_AT (surfaces), "MATERIAL=PICTURE",
    "lay a material with PICTURE, or its part PICTURE:X,Y,W,H; may be given several times", CLI_NO_RANGE },
  { 0 },
};
static const CliOption marks[] = {
  { "mask", 'm', CLI_TEXT, CLI_AT (mask), "MASK", "white = damaged, beside what is found", CLI_NO_RANGE },
  { "spare", 0, CLI_TEXT, CLI_AT (spare), "MASK", "white = not damaged, whatever is found", CLI_NO_RANGE },
  { "mask-out", 0, CLI_TEXT, CLI_AT (mask_out), "PNG", "where to save what is mended: white on black", CLI_NO_RANGE },
  { 0 },
};
static const CliOption dots[] = {
  { "hints", 0, CLI_TEXT, CLI_AT (paint), "RGBA", "dots of colour on a transparent ground, of the photo's size", CLI_NO_RANGE },
  { 0 },
};
static const CliOption drawing[] = {
  { "paint", 0, CLI_TEXT, CLI_AT (paint), "RGBA", "rough colours; where it is transparent nothing is painted", CLI_NO_RANGE },
  { "materials", 0, CLI_TEXT, CLI_AT (materials), "LABELS", "what the paint is of: gray values, see limn-cli materials", CLI_NO_RANGE },
  { "lines", 0, CLI_TEXT, CLI_AT (lines), "PNG", "dark lines on white or on nothing, of the paint's size", CLI_NO_RANGE },
  { "sun", 0, CLI_TEXT, CLI_AT (sun), "X,Y", "where light comes from, in widths and heights; as painted, or left above (auto)",
    CLI_NO_RANGE },
  { "size", 0, CLI_INT, CLI_AT (size), "N", "pixels of the picture's longer side, 64 to 4096 (512)", LIMN_RANGE (64, 4096) },
  { 0 },
};
static const CliOption steps[] = {
  { "steps", 0, CLI_INT, CLI_AT (steps), "N", "evaluations of the network; 1 or 2 (1)", LIMN_RANGE_STEPS },
  { 0 },
};

void
cli_add_options (GArray *options, const CliOption *table)
{
  for (; table->name; table++)
    g_array_append_vals (options, table, 1);
}

/* A flag that is on has an option to turn it off. */
static void
add_parameter (GArray *options, const LimnParameter *parameter, guint index)
{
  const gboolean flag = parameter->type == LIMN_PARAMETER_FLAG, off = flag && parameter->initial != 0;
  const char *value = parameter->unit ? parameter->unit : parameter->type == LIMN_PARAMETER_INT ? "N" : "X";
  g_autofree char *range = limn_range_to_string (&parameter->range);
  g_autofree char *initial = parameter->range.automatic && parameter->initial == LIMN_PARAMETER_AUTOMATIC
                               ? g_strdup ("auto")
                               : g_strdup_printf ("%g", parameter->initial);
  char *help = flag ? g_strdup_printf ("%s%s", off ? "turns off: " : "", parameter->help)
                    : g_strdup_printf ("%s; %s (%s)", parameter->help, range, initial);
  CliOption option = { .name = off ? g_strconcat ("no-", parameter->name, NULL) : parameter->name,
                       .kind = off                                     ? CLI_OFF
                               : flag                                  ? CLI_ON
                               : parameter->type == LIMN_PARAMETER_INT ? CLI_WHOLE
                                                                       : CLI_REAL,
                       .offset = CLI_AT (values) + index * sizeof (double),
                       .value = flag ? NULL : value,
                       .help = help,
                       .range = parameter->range };

  help[0] = g_ascii_tolower (help[0]);
  g_array_append_val (options, option);
}

/* The horizon has a handle in the window, and so no label there. */
static void
add_horizon (GArray *options, const LimnEditKind *kind)
{
  const int index = limn_edit_kind_find (kind, "horizon");
  const CliOption option = { .name = "horizon",
                             .kind = CLI_REAL,
                             .offset = CLI_AT (values) + (gsize) index * sizeof (double),
                             .value = "Y",
                             .help = "where the ground ends: 0 (top) to 1, or auto (auto)",
                             .range = kind->parameters[index].range };

  g_array_append_val (options, option);
}

void
cli_add_parameters (GArray *options, const LimnEditKind *kind)
{
  for (guint i = 0; kind->parameters[i].name; i++)
    if (kind->parameters[i].label)
      add_parameter (options, &kind->parameters[i], i);
  cli_add_options (options, steps);
}

/* -- Running it -- */

void
cli_take_settings (const CliArguments *arguments, LimnEdit *edit)
{
  edit->set.seed = arguments->seed;
  edit->set.seed_b = arguments->seed_b;
  edit->set.mix = arguments->mix;
  edit->set.steps = arguments->steps > 0 ? arguments->steps : edit->set.steps;
  memcpy (edit->set.values, arguments->values, sizeof arguments->values);
}

static gboolean
load_mask (CliRun *run, const LimnEditKind *kind, LimnPicture *photo, LimnEdit *edit, GError **error)
{
  const gboolean needed = kind->needs & LIMN_TAKES_MASK;
  const char *path = run->arguments.mask;
  LimnPlane plane = { 0 };
  gboolean loaded;

  if (!(kind->takes & LIMN_TAKES_MASK) || (!path && !needed))
    return TRUE;
  loaded = (path ? limn_input_load_mask (path, photo, &plane, run->cancellable, error) : limn_input_mask_of_alpha (photo, &plane, error)) &&
           (!needed || limn_input_check_something_known (&plane, error));
  if (loaded)
    edit->from.mask = limn_source_new_plane (&plane);
  g_clear_pointer (&plane.bytes, g_bytes_unref);
  return loaded;
}

static gboolean
load_sources (CliRun *run, LimnPicture *photo, LimnEdit *edit, GError **error)
{
  const CliArguments *a = &run->arguments;
  LimnPlane plane = { 0 };

  if (!a->from && !a->not_from)
    return TRUE;
  if (!limn_input_load_labels (a->from, LIMN_LABEL_TAKE_FROM, a->not_from, LIMN_LABEL_NOT_FROM, photo, &plane, run->cancellable, error))
    return FALSE;
  edit->from.sources = limn_source_new_plane (&plane);
  g_bytes_unref (plane.bytes);
  return TRUE;
}

static gboolean
load_marks (CliRun *run, const LimnEditKind *kind, LimnPicture *photo, LimnEdit *edit, GError **error)
{
  const CliArguments *a = &run->arguments;
  LimnPlane plane = { 0 };

  if (!(kind->takes & LIMN_TAKES_MARKS) || (!a->mask && !a->spare))
    return TRUE;
  if (!limn_input_load_labels (a->mask, LIMN_LABEL_MEND, a->spare, LIMN_LABEL_SPARE, photo, &plane, run->cancellable, error))
    return FALSE;
  edit->from.marks = limn_source_new_plane (&plane);
  g_bytes_unref (plane.bytes);
  return TRUE;
}

static gboolean
load_lines (CliRun *run, LimnPlane *plane, LimnEdit *edit, GError **error)
{
  if (!run->arguments.lines)
    return TRUE;
  if (!limn_input_load_lines (run->arguments.lines, plane, run->cancellable, error))
    return FALSE;
  edit->from.lines = limn_source_new_plane (plane);
  return TRUE;
}

static gboolean
load_materials (CliRun *run, LimnPicture *paint, LimnEdit *edit, GError **error)
{
  LimnPlane plane = { 0 };

  if (!run->arguments.materials)
    return TRUE;
  if (!paint) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--materials says what the paint is of: give the --paint too.");
    return FALSE;
  }
  if (!limn_input_load_materials (run->arguments.materials, paint, &plane, run->cancellable, error))
    return FALSE;
  edit->from.materials = limn_source_new_plane (&plane);
  g_bytes_unref (plane.bytes);
  return TRUE;
}

/* --sun X,Y; as a person sees a picture, so that 0.8,0.1 is right above. */
static gboolean
read_sun (const char *text, LimnEdit *edit, GError **error)
{
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;
  const LimnRange across = parameters[limn_edit_kind_find (limn_edit_get_kind (edit), "sun-x")].range;
  const LimnRange down = parameters[limn_edit_kind_find (limn_edit_get_kind (edit), "sun-y")].range;
  char *comma, *end;
  double x, y;

  if (!text || g_str_equal (text, "auto"))
    return TRUE;
  x = g_ascii_strtod (text, &comma);
  y = *comma == ',' ? g_ascii_strtod (comma + 1, &end) : 0;
  if (comma == text || *comma != ',' || end == comma + 1 || *end != 0 || !(x >= across.min && x <= across.max) ||
      !(y >= down.min && y <= down.max) || x == LIMN_PARAMETER_AUTOMATIC) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                 "--sun must be two numbers X,Y: X from %g to %g, Y from %g to %g, as 0.8,0.1; not %s.", across.min, across.max, down.min,
                 down.max, text);
    return FALSE;
  }
  limn_edit_set (edit, "sun-x", x);
  limn_edit_set (edit, "sun-y", y);
  return TRUE;
}

/* The picture to make: as its drawing, the longer side as asked for. */
static void
set_size (LimnEdit *edit, gsize side, gsize width, gsize height)
{
  limn_edit_set (edit, "width", width >= height ? side : MAX (1, (side * width + height / 2) / height));
  limn_edit_set (edit, "height", height >= width ? side : MAX (1, (side * height + width / 2) / width));
}

static gboolean
load_paint (CliRun *run, LimnEdit *edit, GError **error)
{
  const CliArguments *a = &run->arguments;
  const gboolean drawn = limn_edit_get_kind (edit)->takes & LIMN_TAKES_DRAWING;
  g_autoptr (LimnPicture) paint = NULL;
  LimnPlane lines = { 0 };
  gboolean loaded;

  if (drawn && !a->paint && !a->lines) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "Give the drawing: --paint, --lines or both.");
    return FALSE;
  }
  if (drawn && !read_sun (a->sun, edit, error))
    return FALSE;
  if (a->paint && !(paint = limn_input_load (a->paint, run->cancellable, error)))
    return FALSE;
  if (paint)
    edit->from.paint = limn_source_new_picture (paint);
  loaded = load_materials (run, paint, edit, error) && load_lines (run, &lines, edit, error);
  if (loaded && drawn)
    set_size (edit, (gsize) a->size, paint ? limn_picture_get_width (paint) : lines.width,
              paint ? limn_picture_get_height (paint) : lines.height);
  g_clear_pointer (&lines.bytes, g_bytes_unref);
  return loaded;
}

static LimnResult *
run_by_engine (CliRun *run, const LimnEdit *edit, GError **error)
{
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new (run->arguments.models, run->arguments.threads, error);
  CliProgress progress;
  LimnResult *result;

  if (!engine)
    return NULL;
  run->loaded = g_get_monotonic_time ();
  if (cli_is_document (run->arguments.out))
    g_strlcpy (run->model_hash, limn_engine_handle_get_model_hash (engine), sizeof run->model_hash);
  cli_progress_init (&progress, &run->arguments);
  result = limn_edit_run (edit, 0, engine, cli_progress_update, &progress, run->cancellable, error);
  cli_progress_clear (&progress);
  return result;
}

static gboolean
run_edit (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  const LimnEditKind *kind = limn_task_get_kind (run->command->task);
  g_autoptr (LimnEdit) edit = limn_edit_new (run->command->task);
  g_autoptr (LimnPicture) photo = NULL;
  g_autoptr (LimnResult) result = NULL;

  cli_take_settings (a, edit);
  if (run->command->least_operands > 0) {
    photo = limn_input_load (a->operands[0], run->cancellable, error);
    if (!photo)
      return FALSE;
    cli_tell_pages (run, photo);
    edit->from.photo = limn_source_new_picture (photo);
  }
  if (!cli_check_size (run, edit, photo, error) || !load_mask (run, kind, photo, edit, error) || !load_sources (run, photo, edit, error) ||
      !load_marks (run, kind, photo, edit, error) || !load_paint (run, edit, error) || !cli_load_surfaces (run, edit, error))
    return FALSE;
  result = run_by_engine (run, edit, error);
  return result && cli_save_mask (run, &result->found.damage.mask, error) && cli_finish (run, edit, result, photo, error);
}

/* -- The commands -- */

CliCommand
cli_edit_command (LimnTask task)
{
  const LimnEditKind *kind = limn_task_get_kind (task);
  const gboolean drawn = kind->takes & LIMN_TAKES_DRAWING;
  GArray *options = g_array_new (TRUE, TRUE, sizeof (CliOption)); /* for as long as the program runs, as its texts */

  if (kind->takes & LIMN_TAKES_MASK)
    cli_add_options (options, mask);
  if (kind->takes & LIMN_TAKES_GUIDE)
    cli_add_options (options, guide);
  if (kind->takes & LIMN_TAKES_SOURCES)
    cli_add_options (options, sources);
  if (kind->takes & LIMN_TAKES_SURFACES)
    cli_add_options (options, drawn ? own_materials : surface);
  if (kind->takes & LIMN_TAKES_MARKS)
    cli_add_options (options, marks);
  if (kind->takes & LIMN_TAKES_DOTS)
    cli_add_options (options, dots);
  if (drawn)
    cli_add_options (options, drawing);
  if (drawn)
    add_horizon (options, kind);
  cli_add_parameters (options, kind);
  return (CliCommand){ .name = kind->nick,
                       .summary = kind->summary,
                       .usage = drawn                           ? "[--paint RGBA] [--materials LABELS] [--lines PNG] -o OUT [options]"
                                : kind->needs & LIMN_TAKES_MASK ? "PHOTO --mask MASK -o OUT [options]"
                                                                : "PHOTO -o OUT [options]",
                       .text = kind->text,
                       .examples = kind->examples,
                       .own = (const CliOption *) (gpointer) g_array_free (options, FALSE),
                       .more = cli_picture_options,
                       .operand = "photo",
                       .least_operands = drawn ? 0 : 1,
                       .most_operands = drawn ? 0 : 1,
                       .writes = TRUE,
                       .makes_layers = TRUE,
                       .missing_out = CLI_MISSING_OUT,
                       .task = task,
                       .run = run_edit };
}
