/* Ways into a window: files, dropped and pasted pictures, samples, all read on a thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/base/limn-file.h"
#include "app/decode/limn-picture-load.h"
#include "app/formats/limn-ora.h"
#include "app/picture/limn-picture-file.h"
#include "limn-recent-list.h"
#include "limn-window-private.h"
#include "ui/dialogs/limn-dialogs.h"
#include "ui/dialogs/limn-new-sketch.h"
#include "ui/pictures/limn-picture-texture.h"
#include "ui/widgets/limn-paths.h"

#define SPINNER_DELAY_MS 250 /* most files are there before */

/* What is to be read, and what came of it. One of file, texture and sample. */
typedef struct {
  GFile *file;
  GdkTexture *texture;
  gboolean sample;
  int task;       /* LimnTask, -1 = what suits */
  int recognized; /* LimnTask that the photo was recognized for, where none is asked for; or -1 */
  LimnSnapshot *snapshot;
  LimnPicture *picture;
  GWeakRef opener; /* the window that the user opened it from, where another one is to show it */
  gboolean reload; /* in the place of the document that is there */
  char *stamp;     /* of the file before it was read */
  char *damage;    /* what is to be told of a file that opened in part, or NULL */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_object (&load->file);
  g_clear_object (&load->texture);
  g_clear_pointer (&load->snapshot, limn_snapshot_unref);
  g_clear_object (&load->picture);
  g_weak_ref_clear (&load->opener);
  g_free (load->stamp);
  g_free (load->damage);
  g_free (load);
}

/* -- On the thread -- */

/* Formats that Limn does not write (TIFF and what GdkPixbuf knows), 8 bits a channel. */
static LimnPicture *
read_other_format (GFile *file)
{
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_file (file, NULL);

  return texture ? limn_picture_new_from_texture (texture, NULL) : NULL;
}

/* As much as can be read of a document that is damaged. */
static void
read_document (Load *load, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) own = NULL;
  guint n_lost;

  load->snapshot = limn_ora_load (path, cancellable, &own);
  if (!load->snapshot && g_error_matches (own, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT))
    load->snapshot = limn_ora_salvage (path, &n_lost, cancellable, NULL);
  if (!load->snapshot)
    g_propagate_error (error, g_steal_pointer (&own));
  else if (own && n_lost == 0)
    load->damage = g_strdup_printf (_("%s\n\nIts layers are opened as a copy, without selection, strokes and settings."), own->message);
  else if (own)
    load->damage = g_strdup_printf (_("%s\n\nWhat is left of its layers is opened as a copy, without selection, strokes and settings."),
                                    own->message);
}

static void
read_file (Load *load, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_file_get_path (load->file);

  if (!path) {
    g_autofree char *name = g_file_get_basename (load->file);
    g_autoptr (GBytes) bytes = g_file_load_bytes (load->file, cancellable, NULL, error);

    load->picture = bytes ? limn_picture_load_part_bytes (bytes, name, cancellable, error) : NULL;
    return;
  }
  load->stamp = limn_file_dup_stamp (path);
  if (limn_ora_sniff (path)) {
    read_document (load, path, cancellable, error);
  } else {
    g_autoptr (GError) own = NULL;

    load->picture = limn_picture_load_part (path, cancellable, &own);
    /* What is damaged GdkPixbuf would show in part, and say nothing. */
    if (!load->picture && g_error_matches (own, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT) && !limn_picture_sniff (path))
      load->picture = read_other_format (load->file);
    if (!load->picture)
      g_propagate_error (error, g_steal_pointer (&own));
  }
}

static LimnPicture *
read_sample (const char *name, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = limn_path_sample (name);

  return limn_picture_load (path, cancellable, error);
}

/* The labels of materials that lie beside a sample's paint, NAME.materials.png beside NAME.paint.png. */
static gboolean
read_sample_materials (LimnSnapshot *snapshot, const char *sample, const LimnRect *rect, GCancellable *cancellable, GError **error)
{
  g_autofree char *stem = g_strndup (sample, strlen (sample) - strlen (".paint.png"));
  g_autofree char *name = g_strconcat (stem, ".materials.png", NULL);
  g_autoptr (LimnPicture) labels = read_sample (name, cancellable, error);
  g_autofree guint8 *row = g_malloc ((gsize) rect->width);

  if (!labels)
    return FALSE;
  if ((int) limn_picture_get_width (labels) != rect->width || (int) limn_picture_get_height (labels) != rect->height)
    return TRUE;
  for (int y = 0; y < rect->height; y++) {
    for (int x = 0; x < rect->width; x++)
      row[x] = limn_picture_get_data (labels)[(gsize) y * limn_picture_get_stride (labels) + 4 * (gsize) x];
    limn_raster_write (snapshot->planes[LIMN_DOCUMENT_MATERIALS], &(LimnRect){ 0, y, rect->width, 1 }, row, (gsize) rect->width);
  }
  return TRUE;
}

/* Paint and what it is of, on an empty canvas. */
static LimnSnapshot *
read_sample_sketch (const char *sample, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) paint = read_sample (sample, cancellable, error);
  g_autoptr (LimnDocument) empty = NULL;
  g_autoptr (LimnSnapshot) snapshot = NULL;
  LimnRect rect = { 0 };

  if (!paint)
    return NULL;
  rect.width = (int) limn_picture_get_width (paint);
  rect.height = (int) limn_picture_get_height (paint);
  empty = limn_document_new_sketch ((gsize) rect.width, (gsize) rect.height, error);
  if (!empty)
    return NULL;
  snapshot = limn_snapshot_new (limn_document_get_photo (empty));
  snapshot->sketch = TRUE;
  limn_raster_write (snapshot->planes[LIMN_DOCUMENT_PAINT], &rect, limn_picture_get_data (paint), limn_picture_get_stride (paint));
  return read_sample_materials (snapshot, sample, &rect, cancellable, error) ? g_steal_pointer (&snapshot) : NULL;
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Load *load = task_data;
  GError *error = NULL;

  if (load->file)
    read_file (load, cancellable, &error);
  else if (load->texture)
    load->picture = limn_picture_new_from_texture (load->texture, &error);
  else if (limn_task_get_kind ((LimnTask) load->task)->takes & LIMN_TAKES_DRAWING)
    load->snapshot = read_sample_sketch (limn_task_get_kind ((LimnTask) load->task)->sample, cancellable, &error);
  else
    load->picture = read_sample (limn_task_get_kind ((LimnTask) load->task)->sample, cancellable, &error);
  if (error) {
    g_task_return_error (task, error);
    return;
  }
  load->recognized = load->task < 0 && load->picture ? limn_task_recognize (load->picture, cancellable) : -1;
  g_task_return_boolean (task, TRUE);
}

/* -- In the window -- */

static LimnDocument *
make_document (Load *load)
{
  g_autofree char *path = load->file ? g_file_get_path (load->file) : NULL;

  if (load->snapshot && !load->sample)
    return limn_document_new_from_snapshot (load->snapshot);
  if (path)
    return limn_document_new (load->picture, path);
  if (!load->snapshot)
    load->snapshot = limn_snapshot_new (load->picture);
  g_free (load->snapshot->name);
  load->snapshot->name = load->file     ? g_file_get_basename (load->file)
                         : load->sample ? g_strdup (_("Sample"))
                                        : g_strdup (_("Pasted Picture"));
  return limn_document_new_from_snapshot (load->snapshot);
}

/* Nobody needs an empty window for a picture that there isn't. */
static void
tell_failure (LimnWindow *self, Load *load, const char *reason)
{
  g_autoptr (LimnWindow) opener = g_weak_ref_get (&load->opener);

  limn_dialog_tell (GTK_WINDOW (opener ? opener : self), _("The Picture Can’t Be Opened"), reason);
  if (opener)
    gtk_window_destroy (GTK_WINDOW (self));
}

/* Says why the window comes up with another task than the first. */
static void
tell_task (LimnWindow *self, gboolean asked)
{
  const char *offer = limn_session_get_kind (self->session)->offer;

  if (!asked && offer) {
    limn_window_message (self, _(offer), FALSE);
    g_set_weak_pointer (&self->offer, self->toast);
  }
}

/* What of a document of another program isn't as there, in sentences; NULL when all of it is. */
static char *
describe_differences (const LimnSnapshot *snapshot)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint unknown = snapshot->n_unknown_blends, skipped = snapshot->n_skipped;

  if (unknown > 0)
    g_string_append_printf (text,
                            ngettext ("%u layer is blended in a way that Limn doesn’t know and looks different here. "
                                      "Save under another name to keep the original.",
                                      "%u layers are blended in ways that Limn doesn’t know and look different here. "
                                      "Save under another name to keep the original.",
                                      unknown),
                            unknown);
  if (unknown > 0 && skipped > 0)
    g_string_append (text, "\n\n");
  if (skipped > 0)
    g_string_append_printf (text,
                            ngettext ("%u layer (text, a filter, or without a picture) isn’t shown here. "
                                      "Save under another name to keep the original.",
                                      "%u layers (text, filters, or without a picture) aren’t shown here. "
                                      "Save under another name to keep the original.",
                                      skipped),
                            skipped);
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/* Of a document that another program made; FALSE when there are none. */
static gboolean
tell_differences (LimnWindow *self, const LimnSnapshot *snapshot)
{
  const guint merged = snapshot ? snapshot->n_merged : 0;
  g_autofree char *differences = snapshot ? describe_differences (snapshot) : NULL;

  if (differences)
    limn_dialog_tell (GTK_WINDOW (self), _("Limn Can’t Show All of This Picture"), differences);
  if (merged > 0) {
    g_autofree char *text = g_strdup_printf (
      ngettext ("%u group of layers became one layer", "%u groups of layers became one layer each", merged), merged);

    limn_window_message (self, text, FALSE);
  }
  return differences != NULL || merged > 0;
}

/* Of a file with several pictures; FALSE when it has one. */
static gboolean
tell_pages (LimnWindow *self, LimnPicture *picture)
{
  const int pages = picture ? limn_picture_get_source (picture)->pages : 0;
  g_autofree char *text = NULL;

  if (pages <= 1)
    return FALSE;
  text = g_strdup_printf (
    ngettext ("The file has %d picture; this is the first", "The file has %d pictures; this is the first", (gulong) pages), pages);
  limn_window_message (self, text, FALSE);
  return TRUE;
}

static void
stop_loading (LimnWindow *self)
{
  g_clear_handle_id (&self->loading_timer, g_source_remove);
  g_clear_object (&self->loading);
  gtk_stack_set_visible_child_name (self->pages, self->document ? "document" : "start");
  limn_window_update_actions (self);
}

static void
load_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  Load *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnDocument) document = NULL;
  const gboolean loaded = g_task_propagate_boolean (G_TASK (result), &error);

  /* Cancelled, and perhaps the next one has begun. */
  if (self->loading != g_task_get_cancellable (G_TASK (result)))
    return;
  stop_loading (self);
  if (!loaded) {
    if (!g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED))
      tell_failure (self, load, error->message);
    return;
  }
  document = make_document (load);
  limn_document_set_stamp (document, load->stamp);
  limn_window_set_document (self, document);
  limn_window_tell_damage (self);
  if (load->task >= 0 || load->recognized >= 0)
    limn_session_set_task (self->session, (LimnTask) MAX (load->task, load->recognized));
  if (limn_document_get_path (document))
    limn_recent_add (limn_document_get_path (document));
  if (load->damage)
    limn_dialog_tell (GTK_WINDOW (self), _("Part of This Picture Is Damaged"), load->damage);
  else if (!tell_differences (self, load->snapshot) && !tell_pages (self, load->picture))
    tell_task (self, load->task >= 0);
}

static gboolean
show_spinner (gpointer user)
{
  LimnWindow *self = user;

  self->loading_timer = 0;
  gtk_stack_set_visible_child_name (self->pages, "loading");
  return G_SOURCE_REMOVE;
}

/* Takes load. Where the window has a document already, another one shows it. */
static void
begin_load (LimnWindow *self, Load *load)
{
  g_autoptr (GTask) task = NULL;

  if ((self->document && !load->reload) || self->loading) {
    g_weak_ref_set (&load->opener, self);
    self = limn_window_new (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
    gtk_window_present (GTK_WINDOW (self));
  }
  self->loading = g_cancellable_new ();
  self->loading_timer = g_timeout_add (SPINNER_DELAY_MS, show_spinner, self);
  if (load->file) {
    g_autofree char *name = g_file_get_basename (load->file), *shown = g_filename_display_name (name);
    g_autofree char *text = g_strdup_printf (_("Opening “%s”…"), shown);

    gtk_label_set_text (self->loading_label, text);
  } else {
    gtk_label_set_text (self->loading_label, _("Opening…"));
  }
  task = g_task_new (NULL, self->loading, load_done, g_object_ref (self));
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_thread);
  limn_window_update_actions (self);
}

gboolean
limn_window_cancel_loading (LimnWindow *self)
{
  if (!self->loading)
    return FALSE;
  g_cancellable_cancel (self->loading);
  stop_loading (self);
  return TRUE;
}

static void
open_for_task (LimnWindow *self, GFile *file, int task)
{
  Load *load = g_new0 (Load, 1);

  load->file = g_object_ref (file);
  load->task = task;
  begin_load (self, load);
}

void
limn_window_open (LimnWindow *self, GFile *file)
{
  g_return_if_fail (LIMN_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));
  open_for_task (self, file, -1);
}

void
limn_window_reload (LimnWindow *self)
{
  Load *load = g_new0 (Load, 1);

  load->file = g_file_new_for_path (limn_document_get_path (self->document));
  load->task = (int) limn_session_get_task (self->session);
  load->reload = TRUE;
  begin_load (self, load);
}

void
limn_window_open_texture (LimnWindow *self, GdkTexture *texture)
{
  Load *load = g_new0 (Load, 1);

  load->texture = g_object_ref (texture);
  load->task = -1;
  begin_load (self, load);
}

void
limn_window_open_sample (LimnWindow *self, LimnTask task)
{
  Load *load = g_new0 (Load, 1);

  load->sample = TRUE;
  load->task = (int) task;
  begin_load (self, load);
}

static void
new_sketch (gsize width, gsize height, gpointer window)
{
  LimnWindow *self = window;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnDocument) document = limn_document_new_sketch (width, height, &error);

  if (!document) {
    limn_dialog_tell (GTK_WINDOW (self), _("The Sketch Can’t Be Made"), error->message);
    return;
  }
  if (self->document || self->loading) {
    self = limn_window_new (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
    gtk_window_present (GTK_WINDOW (self));
  }
  limn_window_set_document (self, document);
}

void
limn_window_ask_sketch (LimnWindow *self)
{
  g_return_if_fail (LIMN_IS_WINDOW (self));
  limn_new_sketch_ask (GTK_WINDOW (self), new_sketch, G_OBJECT (self));
}

static void
dialog_response (GtkNativeDialog *dialog, int response, LimnWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
    const int task = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "task"));

    for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      open_for_task (self, file, task);
    }
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
limn_window_open_dialog (LimnWindow *self, int task)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Open Picture"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL,
                                                              NULL);
  g_autoptr (GtkFileFilter) pictures = gtk_file_filter_new (), all = gtk_file_filter_new ();
  static const char *const types[] = {
    "image/png", "image/jpeg", "image/webp", "image/openraster", "image/tiff", "image/heif", "image/avif", "image/jxl",
  };

  gtk_file_filter_set_name (pictures, _("Pictures"));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    gtk_file_filter_add_mime_type (pictures, types[i]);
  gtk_file_filter_add_suffix (pictures, "ora");
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), pictures);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), task < 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data (G_OBJECT (dialog), "task", GINT_TO_POINTER (task));
  g_signal_connect_object (dialog, "response", G_CALLBACK (dialog_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* -- Pasting and dropping -- */

/* What the clipboard or a drop holds: files, or a picture. */
static gboolean
take_value (LimnWindow *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST)) {
    for (const GSList *each = g_value_get_boxed (value); each; each = each->next)
      limn_window_open (self, each->data);
    return TRUE;
  }
  if (G_VALUE_HOLDS (value, G_TYPE_FILE)) {
    limn_window_open (self, g_value_get_object (value));
    return TRUE;
  }
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE) && g_value_get_object (value)) {
    limn_window_open_texture (self, g_value_get_object (value));
    return TRUE;
  }
  return FALSE;
}

static void
pasted (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (!value || !take_value (self, value))
    limn_window_message (self, _("The clipboard’s picture can’t be read."), FALSE);
}

void
limn_window_paste (LimnWindow *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  GdkContentFormats *offered = gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard));
  g_autoptr (GdkContentFormats) formats = gdk_content_formats_union_deserialize_gtypes (offered);
  const GType type = gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE)     ? GDK_TYPE_TEXTURE
                     : gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST) ? GDK_TYPE_FILE_LIST
                                                                                       : G_TYPE_INVALID;

  if (type == G_TYPE_INVALID)
    limn_window_message (self, _("The clipboard holds no picture."), FALSE);
  else
    gdk_clipboard_read_value_async (clipboard, type, G_PRIORITY_DEFAULT, NULL, pasted, g_object_ref (self));
}

static gboolean
drop_accept (GtkDropTarget *target, GdkDrop *drop, LimnWindow *self)
{
  g_autoptr (GdkContentFormats) formats = NULL;

  /* What is dragged out of Limn itself need not come back in. */
  if (gdk_drop_get_drag (drop))
    return FALSE;
  formats = gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (gdk_drop_get_formats (drop)));
  return gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST) || gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE);
}

static GdkDragAction
drop_enter (GtkDropTarget *target, double x, double y, LimnWindow *self)
{
  gtk_revealer_set_reveal_child (self->drop_hint, TRUE);
  return GDK_ACTION_COPY;
}

static void
drop_leave (GtkDropTarget *target, LimnWindow *self)
{
  gtk_revealer_set_reveal_child (self->drop_hint, FALSE);
}

/* Several pictures, or a folder: to be done in one go. */
static gboolean
drop_many (LimnWindow *self, const GSList *files)
{
  g_autoptr (GPtrArray) many = g_ptr_array_new ();

  if (!files || (!files->next && g_file_query_file_type (files->data, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_DIRECTORY))
    return FALSE;
  for (; files; files = files->next)
    g_ptr_array_add (many, files->data);
  limn_application_open_many (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), (GFile *const *) many->pdata, many->len);
  return TRUE;
}

static gboolean
dropped (GtkDropTarget *target, const GValue *value, double x, double y, LimnWindow *self)
{
  const GSList *files = G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) ? g_value_get_boxed (value) : NULL;

  gtk_revealer_set_reveal_child (self->drop_hint, FALSE);
  if (drop_many (self, files))
    return TRUE;
  return (files && !files->next && limn_window_drop_mask (self, files->data)) || take_value (self, value);
}

void
limn_window_add_drop_targets (LimnWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "accept", G_CALLBACK (drop_accept), self);
  g_signal_connect (target, "enter", G_CALLBACK (drop_enter), self);
  g_signal_connect (target, "leave", G_CALLBACK (drop_leave), self);
  g_signal_connect (target, "drop", G_CALLBACK (dropped), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
