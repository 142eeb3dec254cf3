/* From an edit to a file, and what is said of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-app-error.h"
#include "app/base/limn-file.h"
#include "app/picture/limn-picture-file.h"
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* ---------------------------------------------------------------- before */

static gboolean
is_same_file (const char *a, const char *b)
{
  struct stat x, y;

  return a && stat (a, &x) == 0 && stat (b, &y) == 0 && S_ISREG (x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static gboolean
is_standard (const char *path)
{
  return g_str_equal (path, "-") || g_str_equal (path, "/dev/stdout");
}

/* By OUT's ending, or --format where that is standard output. */
static gboolean
get_format (CliRun *run, LimnFormat *format, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autofree char *name = g_strconcat ("a.", a->format ? a->format : "png", NULL);

  if (!is_standard (a->out))
    return limn_format_from_path (a->out, format, error);
  if (limn_format_from_path (name, format, NULL))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--format must be the ending of a picture, as png, jpg or webp, not %s.",
               a->format);
  return FALSE;
}

/* path may be written: its folder is there, and it is none of the inputs. */
static gboolean
check_path (const CliArguments *a, const char *path, GError **error)
{
  const char *inputs[] = { a->operands[0], a->operands[1], a->mask, a->paint,  a->lines,  a->from,
                           a->not_from,    a->spare,       a->loop, a->inside, a->outside };
  g_autofree char *folder = g_path_get_dirname (path);

  if (!limn_file_check (path, error))
    return FALSE;
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "There is no folder %s to save into.", folder);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (is_same_file (inputs[i], path)) {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s is an input: give the result another name, so that nothing is lost.",
                   path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_mask_out (const CliArguments *a, GError **error)
{
  LimnFormat format;

  if (!a->mask_out)
    return TRUE;
  if (g_str_equal (a->mask_out, a->out)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s is to be both result and mask: give the mask another name.", a->out);
    return FALSE;
  }
  return limn_format_from_path (a->mask_out, &format, error) && check_path (a, a->mask_out, error);
}

gboolean
cli_check_out (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  LimnFormat format;

  if (cli_is_document (a->out) && !run->command->makes_layers) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "limn-cli %s writes no documents: OUT ends in .png, .jpg, .webp or the like.",
                 run->command->name);
    return FALSE;
  }
  if (!cli_is_document (a->out) && !get_format (run, &format, error))
    return FALSE;
  return (is_standard (a->out) || check_path (a, a->out, error)) && check_mask_out (a, error);
}

gboolean
cli_check_size (CliRun *run, const LimnEdit *edit, LimnPicture *photo, GError **error)
{
  gsize width = photo ? limn_picture_get_width (photo) : 0, height = photo ? limn_picture_get_height (photo) : 0;
  LimnFormat format;

  if (run->arguments.mask_out &&
      !(limn_format_from_path (run->arguments.mask_out, &format, error) && limn_format_check (format, width, height, error)))
    return FALSE;
  if (cli_is_document (run->arguments.out))
    return TRUE;
  limn_edit_enlarge (edit, &width, &height);
  return get_format (run, &format, error) && limn_format_check (format, width, height, error);
}

/* ---------------------------------------------------------------- after */

static double
milliseconds (gint64 from, gint64 to)
{
  return (double) (to - from) / 1000;
}

static void
add_rounded (cJSON *json, const char *name, double value)
{
  cJSON_AddNumberToObject (json, name, (double) (gint64) (value * 10 + 0.5) / 10);
}

/* The most memory that was resident at once, MB; 0 where the system doesn't tell. Not getrusage's, which counts what the process
 * was before this program was executed in it, too. */
static double
peak_memory (void)
{
  g_autofree char *status = NULL;
  const char *line = g_file_get_contents ("/proc/self/status", &status, NULL, NULL) ? strstr (status, "VmHWM:") : NULL;

  return line ? (double) g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) * 1024 / 1e6 : 0;
}

static void
report_json (const CliRun *run, const LimnResult *result, LimnPicture *picture, gint64 edited, gint64 end)
{
  cJSON *json = cJSON_CreateObject (), *size = cJSON_CreateArray ();
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, run->arguments.seed);

  cJSON_AddItemToArray (size, cJSON_CreateNumber ((double) limn_picture_get_width (picture)));
  cJSON_AddItemToArray (size, cJSON_CreateNumber ((double) limn_picture_get_height (picture)));
  cJSON_AddStringToObject (json, "task", run->command->name);
  cli_json_add_text (json, "out", run->arguments.out);
  cJSON_AddItemToObject (json, "size", size);
  cJSON_AddRawToObject (json, "seed", seed);
  cJSON_AddNumberToObject (json, "evaluations", result->evaluations);
  cJSON_AddNumberToObject (json, "tiles", result->tiles);
  if (result->found.damage.mask.bytes)
    cli_json_add_found (json, &result->found.damage);
  add_rounded (json, "network_ms", result->network_ms);
  add_rounded (json, "load_ms", milliseconds (run->start, run->loaded));
  add_rounded (json, "edit_ms", milliseconds (run->loaded, edited));
  add_rounded (json, "save_ms", milliseconds (edited, end));
  add_rounded (json, "total_ms", milliseconds (run->start, end));
  add_rounded (json, "peak_rss_mb", peak_memory ());
  cli_json_print (cli_report_stream (run), json);
}

static void
report (const CliRun *run, const LimnResult *result, LimnPicture *picture, gint64 edited)
{
  gint64 end = g_get_monotonic_time ();

  if (run->arguments.quiet)
    return;
  if (run->arguments.json)
    report_json (run, result, picture, edited, end);
  else
    fprintf (cli_report_stream (run), "%s: %zu x %zu pixels in %.2f s (%u network evaluation%s: %.2f s)\n", run->arguments.out,
             limn_picture_get_width (picture), limn_picture_get_height (picture), milliseconds (run->start, end) / 1000,
             result->evaluations, result->evaluations == 1 ? "" : "s", result->network_ms / 1000);
}

FILE *
cli_report_stream (const CliRun *run)
{
  return run->arguments.out && is_standard (run->arguments.out) ? stderr : stdout;
}

void
cli_tell_pages (const CliRun *run, LimnPicture *photo)
{
  const int pages = limn_picture_get_source (photo)->pages;

  if (pages > 1 && !run->arguments.quiet)
    g_printerr ("limn-cli: %s has %d pictures; the first is taken.\n", run->arguments.operands[0], pages);
}

static gboolean
write_standard (LimnPicture *picture, const LimnSaveOptions *options, GError **error)
{
  g_autoptr (GBytes) bytes = limn_picture_encode (picture, options, error);
  gsize size = 0;
  const void *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  if (!data)
    return FALSE;
  if (fwrite (data, 1, size, stdout) == size && fflush (stdout) == 0)
    return TRUE;
  limn_set_error_from_errno (error, errno, "%s can't be written", "Standard output");
  return FALSE;
}

gboolean
cli_save_picture (CliRun *run, LimnPicture *picture, GError **error)
{
  LimnSaveOptions options;
  LimnFormat format;

  if (!get_format (run, &format, error))
    return FALSE;
  limn_save_options_init (&options, picture, format);
  if (run->arguments.quality > 0) {
    options.quality = run->arguments.quality;
    options.lossless = FALSE;
  }
  if (is_standard (run->arguments.out))
    return write_standard (picture, &options, error);
  return limn_picture_save (picture, run->arguments.out, &options, run->cancellable, error);
}

gboolean
cli_save_mask (CliRun *run, const LimnPlane *mask, GError **error)
{
  const char *path = run->arguments.mask_out;
  g_autoptr (LimnPicture) picture = NULL;
  LimnSaveOptions options;
  LimnFormat format;

  if (!path || !mask->bytes)
    return TRUE;
  picture = limn_picture_new (mask->width, mask->height, 8, error);
  if (!picture || !limn_format_from_path (path, &format, error))
    return FALSE;
  for (gsize y = 0; y < mask->height; y++) {
    const guint8 *from = (const guint8 *) g_bytes_get_data (mask->bytes, NULL) + y * mask->width;
    guint8 *to = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    for (gsize i = 0; i < 4 * mask->width; i++)
      to[i] = i % 4 == 3 ? 255 : from[i / 4];
  }
  limn_save_options_init (&options, picture, format);
  return limn_picture_save (picture, path, &options, run->cancellable, error);
}

gboolean
cli_finish (CliRun *run, const LimnEdit *edit, const LimnResult *result, LimnPicture *photo, GError **error)
{
  g_autoptr (LimnPicture) picture = limn_result_apply (result, photo, error);
  const gint64 edited = g_get_monotonic_time ();

  if (!picture || !(cli_is_document (run->arguments.out) ? cli_save_document (run, edit, result, photo, error)
                                                         : cli_save_picture (run, picture, error)))
    return FALSE;
  report (run, result, picture, edited);
  return TRUE;
}
