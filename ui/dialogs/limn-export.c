/* The export dialog. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-export.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/picture/limn-picture-file.h"
#include "app/picture/limn-picture-scale.h"
#include "limn-dialogs.h"
#include "ui/widgets/limn-names.h"

#define ESTIMATE_DELAY_MS 120 /* a slider that moves isn't followed at every step */

struct _LimnExport {
  AdwWindow parent;
  AdwComboRow *format_row;
  GtkWidget *lossless_row, *lossless_switch, *quality_row, *quality_scale, *export_button;
  GtkAdjustment *quality, *percent, *longest;
  GtkSpinButton *percent_spin, *longest_spin;
  GtkLabel *pixels_label, *size_label;

  LimnSnapshot *snapshot;
  GSettings *settings;
  char *title, *path;        /* of the document; path may be NULL */
  int width, height;         /* of the document */
  LimnPicture *flat, *small; /* once an estimate has made them; small: of the size that it was made for */
  GCancellable *cancellable;
  guint timer;
  gboolean estimating, again, writing, linking;
};

static guint exported_signal;

G_DEFINE_FINAL_TYPE (LimnExport, limn_export, ADW_TYPE_WINDOW)

/* The rows are the formats that are built in, in their order. */
static LimnFormat
format_of_row (guint row)
{
  for (guint i = 0; i < LIMN_N_FORMATS; i++)
    if (limn_format_get_info ((LimnFormat) i) && row-- == 0)
      return (LimnFormat) i;
  return LIMN_FORMAT_PNG;
}

static void
select_format (LimnExport *self, LimnFormat format)
{
  guint row = 0;

  for (guint i = 0; i < format; i++)
    row += limn_format_get_info ((LimnFormat) i) != NULL;
  adw_combo_row_set_selected (self->format_row, row);
}

static void
fill_format_row (LimnExport *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < LIMN_N_FORMATS; i++)
    if (limn_format_get_info ((LimnFormat) i))
      gtk_string_list_append (names, limn_format_get_info ((LimnFormat) i)->name);
  adw_combo_row_set_model (self->format_row, G_LIST_MODEL (names));
}

static const LimnFormatInfo *
get_format (LimnExport *self)
{
  return limn_format_get_info (format_of_row (adw_combo_row_get_selected (self->format_row)));
}

/* What a thread needs; flat and small are made where there are none yet. */
typedef struct {
  LimnSnapshot *snapshot;
  LimnPicture *flat, *small;
  gsize width, height;
  LimnSaveOptions options;
  char *path; /* NULL: measures only */
  gsize size;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  limn_snapshot_unref (job->snapshot);
  g_clear_object (&job->flat);
  g_clear_object (&job->small);
  g_free (job->path);
  g_free (job);
}

static LimnSaveOptions
get_options (LimnExport *self)
{
  return (LimnSaveOptions){ .format = format_of_row (adw_combo_row_get_selected (self->format_row)),
                            .quality = (int) gtk_adjustment_get_value (self->quality),
                            .lossless = gtk_switch_get_active (GTK_SWITCH (self->lossless_switch)) };
}

/* Of the picture as it will be written; the longer side is what is asked for. */
static void
get_size (LimnExport *self, int *width, int *height)
{
  double scale = gtk_adjustment_get_value (self->longest) / MAX (self->width, self->height);

  *width = CLAMP ((int) lrint (self->width * scale), 1, self->width);
  *height = CLAMP ((int) lrint (self->height * scale), 1, self->height);
}

static gboolean
fits (LimnExport *self)
{
  int width, height;

  get_size (self, &width, &height);
  return limn_format_check (get_options (self).format, (gsize) width, (gsize) height, NULL);
}

static gboolean
is_of_size (LimnPicture *picture, gsize width, gsize height)
{
  return picture && limn_picture_get_width (picture) == width && limn_picture_get_height (picture) == height;
}

static void
run (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gboolean done = FALSE;

  if (!job->flat)
    job->flat = limn_snapshot_flatten (job->snapshot, G_MAXUINT, &error);
  if (job->flat && !job->small)
    job->small = limn_picture_scale_down (job->flat, job->width, job->height, cancellable, &error);
  if (job->small && job->path) {
    done = limn_picture_save (job->small, job->path, &job->options, cancellable, &error);
  } else if (job->small) {
    bytes = limn_picture_encode (job->small, &job->options, &error);
    job->size = bytes ? g_bytes_get_size (bytes) : 0;
    done = bytes != NULL;
  }
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
start (LimnExport *self, const char *path, GAsyncReadyCallback ready)
{
  g_autoptr (GTask) task = g_task_new (NULL, path ? NULL : self->cancellable, ready, g_object_ref (self));
  Job *job = g_new0 (Job, 1);
  int width, height;

  job->snapshot = limn_snapshot_ref (self->snapshot);
  get_size (self, &width, &height);
  job->width = (gsize) width;
  job->height = (gsize) height;
  job->flat = self->flat ? g_object_ref (self->flat) : NULL;
  job->small = is_of_size (self->small, job->width, job->height) ? g_object_ref (self->small) : NULL;
  job->options = get_options (self);
  job->path = g_strdup (path);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run);
}

/* -- How large the file will be -- */

static gboolean estimate (gpointer user);

static void
estimated (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnExport) self = user;
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  self->estimating = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    if (!g_cancellable_is_cancelled (self->cancellable) && fits (self))
      gtk_label_set_text (self->size_label, _("unknown"));
    return;
  }
  g_set_object (&self->flat, job->flat);
  g_set_object (&self->small, job->small);
  if (self->again) {
    self->again = FALSE;
    estimate (self);
    return;
  }
  text = g_format_size (job->size);
  if (fits (self))
    gtk_label_set_text (self->size_label, text);
}

static gboolean
estimate (gpointer user)
{
  LimnExport *self = user;

  self->timer = 0;
  if (self->estimating) {
    self->again = TRUE;
  } else {
    self->estimating = TRUE;
    start (self, NULL, estimated);
  }
  return G_SOURCE_REMOVE;
}

static void
changed (LimnExport *self)
{
  const LimnSaveOptions options = get_options (self);
  g_autofree char *pixels = NULL;
  int width, height;

  get_size (self, &width, &height);
  pixels = g_strdup_printf ("\u2066%d × %d\u2069", width, height);
  gtk_label_set_text (self->pixels_label, pixels);
  gtk_widget_set_visible (self->lossless_row, get_format (self)->lossy && get_format (self)->lossless);
  gtk_widget_set_visible (self->quality_row, get_format (self)->lossy && !(get_format (self)->lossless && options.lossless));
  g_settings_set_string (self->settings, "last-export-format", get_format (self)->nick);
  g_settings_set_int (self->settings, "export-quality", options.quality);
  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_label_set_text (self->size_label, fits (self) ? "…" : _("too large for this format"));
  gtk_widget_set_sensitive (self->export_button, fits (self) && !self->writing);
  if (fits (self))
    self->timer = g_timeout_add (ESTIMATE_DELAY_MS, estimate, self);
}

/* The two numbers say the same. */
static void
percent_changed (LimnExport *self)
{
  int most = MAX (self->width, self->height);

  if (self->linking)
    return;
  self->linking = TRUE;
  gtk_adjustment_set_value (self->longest, MAX (1, round (most * gtk_adjustment_get_value (self->percent) / 100)));
  self->linking = FALSE;
  changed (self);
}

static void
longest_changed (LimnExport *self)
{
  if (self->linking)
    return;
  self->linking = TRUE;
  gtk_adjustment_set_value (self->percent, gtk_adjustment_get_value (self->longest) * 100 / MAX (self->width, self->height));
  self->linking = FALSE;
  changed (self);
}

/* -- Writing -- */

static void
tell_failure (LimnExport *self, const char *text)
{
  limn_dialog_tell (GTK_WINDOW (self), _("The Picture Wasn’t Exported"), text);
}

static void
written (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnExport) self = user;
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_filename_display_basename (job->path), *text = NULL;

  self->writing = FALSE;
  gtk_widget_set_sensitive (self->export_button, TRUE);
  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    tell_failure (self, error->message);
    return;
  }
  text = g_strdup_printf (_("Exported as “%s”."), name);
  g_signal_emit (self, exported_signal, 0, text);
  gtk_window_destroy (GTK_WINDOW (self));
}

void
limn_export_write (LimnExport *self, const char *path)
{
  g_autofree char *named = NULL;
  g_autoptr (GError) error = NULL;
  LimnFormat format;
  int width, height;

  g_return_if_fail (LIMN_IS_EXPORT (self));
  g_return_if_fail (path != NULL);

  if (self->writing)
    return;
  if (limn_format_from_path (path, &format, NULL)) {
    select_format (self, format);
  } else {
    path = named = g_strconcat (path, ".", get_format (self)->endings[0], NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS)) { /* the dialog asked about the name as it was typed only */
      tell_failure (self, _("There is a file of this name already. Choose it in the dialog to replace it."));
      return;
    }
  }
  get_size (self, &width, &height);
  if (!limn_format_check (get_options (self).format, (gsize) width, (gsize) height, &error)) {
    tell_failure (self, error->message);
    return;
  }
  self->writing = TRUE;
  gtk_widget_set_sensitive (self->export_button, FALSE);
  start (self, path, written);
}

static void
chosen (GtkNativeDialog *dialog, int response, LimnExport *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    g_autofree char *path = file ? g_file_get_path (file) : NULL;

    if (path)
      limn_export_write (self, path);
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
choose (LimnExport *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Export"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"),
                                                              NULL);

  limn_dialog_suggest_name (GTK_FILE_CHOOSER (dialog), self->title, get_format (self)->endings[0], self->path, FALSE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
limn_export_close_request (GtkWindow *window)
{
  LimnExport *self = LIMN_EXPORT (window);

  g_cancellable_cancel (self->cancellable);
  return self->writing || GTK_WINDOW_CLASS (limn_export_parent_class)->close_request (window);
}

/* A task may hold the dialog longer than its parent lives, which GTK doesn't tell a window that is no longer shown. */
static void
limn_export_unrealize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (limn_export_parent_class)->unrealize (widget);
  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
limn_export_dispose (GObject *object)
{
  LimnExport *self = LIMN_EXPORT (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), LIMN_TYPE_EXPORT);
  g_clear_object (&self->flat);
  g_clear_object (&self->small);
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (limn_export_parent_class)->dispose (object);
}

static void
limn_export_finalize (GObject *object)
{
  LimnExport *self = LIMN_EXPORT (object);

  g_clear_object (&self->cancellable);
  g_free (self->title);
  g_free (self->path);
  G_OBJECT_CLASS (limn_export_parent_class)->finalize (object);
}

static void
limn_export_class_init (LimnExportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = limn_export_dispose;
  G_OBJECT_CLASS (klass)->finalize = limn_export_finalize;
  exported_signal = g_signal_new ("exported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
  widget_class->unrealize = limn_export_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = limn_export_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/limn/Limn/ui/limn-export.ui");
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_export_choose", G_CALLBACK (choose));
  gtk_widget_class_bind_template_child (widget_class, LimnExport, format_row);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, lossless_row);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, lossless_switch);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, quality_row);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, quality_scale);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, quality);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, percent);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, longest);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, percent_spin);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, longest_spin);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, export_button);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, pixels_label);
  gtk_widget_class_bind_template_child (widget_class, LimnExport, size_label);
}

static void
limn_export_init (LimnExport *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  limn_dialog_answer_by_number (self->percent_spin);
  limn_dialog_answer_by_number (self->longest_spin);
}

GtkWindow *
limn_export_new (GtkWindow *parent, LimnDocument *document, GSettings *settings)
{
  LimnExport *self = g_object_new (LIMN_TYPE_EXPORT, "transient-for", parent, "destroy-with-parent", TRUE, NULL);
  g_autofree char *format = NULL;

  self->settings = g_object_ref (settings);
  self->snapshot = limn_document_dup_snapshot (document);
  self->title = g_strdup (limn_document_get_title (document));
  self->path = g_strdup (limn_document_get_path (document));
  self->width = limn_document_get_width (document);
  self->height = limn_document_get_height (document);
  gtk_adjustment_set_upper (self->longest, MAX (self->width, self->height));
  gtk_adjustment_set_value (self->longest, MAX (self->width, self->height));
  gtk_adjustment_set_value (self->percent, 100);
  format = g_settings_get_string (self->settings, "last-export-format");
  gtk_adjustment_set_value (self->quality, g_settings_get_int (self->settings, "export-quality"));
  fill_format_row (self);
  for (guint i = 0; i < LIMN_N_FORMATS; i++) {
    const LimnFormatInfo *info = limn_format_get_info ((LimnFormat) i);

    if (info && g_str_equal (info->nick, format))
      select_format (self, (LimnFormat) i);
  }
  g_signal_connect_swapped (self->format_row, "notify::selected", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->lossless_switch, "notify::active", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->quality, "value-changed", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->percent, "value-changed", G_CALLBACK (percent_changed), self);
  g_signal_connect_swapped (self->longest, "value-changed", G_CALLBACK (longest_changed), self);
  changed (self);
  limn_widget_complete_names (GTK_WIDGET (self));
  gtk_widget_grab_focus (self->export_button);
  return GTK_WINDOW (self);
}
