/* The commands on the mask, and masks as pictures of their own: white is selected. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-mask.h"

#include <glib/gi18n.h>

#include "app/base/limn-app-error.h"
#include "app/document/limn-document-canvas.h"
#include "app/picture/limn-picture-file.h"
#include "limn-window-private.h"
#include "ui/dialogs/limn-dialogs.h"

/* Pixels that the commands without a number move the mask's edge by. */
#define MASK_STEP 4.0
/* A dropped picture is a mask where all is gray within so many levels, and nine tenths are that near to black or white. */
#define MASK_TOLERANCE 24

/* -- From a picture -- */

typedef struct {
  GFile *file;
  gsize width, height; /* that it must have */
  gboolean dropped;    /* it may be a picture to be opened as well */
  LimnRaster *mask;
} MaskLoad;

static void
mask_load_free (gpointer data)
{
  MaskLoad *load = data;

  g_object_unref (load->file);
  g_clear_object (&load->mask);
  g_free (load);
}

/* How light each pixel is, as far as it is opaque; FALSE where a dropped picture is no mask. */
static gboolean
read_values (LimnPicture *picture, guint8 *values, gboolean dropped)
{
  const gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  const guint step = limn_picture_get_depth (picture) == 16 ? 2 : 1; /* the upper byte of two is the second */
  gsize n_between = 0, n_white = 0;

  for (gsize y = 0; y < height; y++) {
    const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture) + step - 1;

    for (gsize x = 0; x < width; x++) {
      const guint8 *p = row + 4 * step * x;
      const int r = p[0], g = p[step], b = p[2 * step], value = (299 * r + 587 * g + 114 * b + 500) / 1000 * p[3 * step] / 255;

      if (dropped && MAX (r, MAX (g, b)) - MIN (r, MIN (g, b)) > MASK_TOLERANCE)
        return FALSE;
      n_between += value > MASK_TOLERANCE && value < 255 - MASK_TOLERANCE;
      n_white += value >= 255 - MASK_TOLERANCE;
      values[y * width + x] = (guint8) value;
    }
  }
  return !dropped || (n_between <= width * height / 10 && n_white > 0 && n_white < width * height);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  MaskLoad *load = task_data;
  const LimnRect all = { 0, 0, (int) load->width, (int) load->height };
  g_autofree char *path = g_file_get_path (load->file);
  g_autofree guint8 *values = NULL;
  GError *error = NULL;
  g_autoptr (LimnPicture) picture = limn_picture_load (path, cancellable, &error);

  if (picture && (limn_picture_get_width (picture) != load->width || limn_picture_get_height (picture) != load->height))
    g_set_error (&error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("The mask is %d × %d pixels and the picture %d × %d: make them the same size."), (int) limn_picture_get_width (picture),
                 (int) limn_picture_get_height (picture), (int) load->width, (int) load->height);
  if (error) {
    g_task_return_error (task, error);
    return;
  }
  values = g_malloc (load->width * load->height);
  if (read_values (picture, values, load->dropped)) {
    load->mask = limn_raster_new (load->width, load->height, 1);
    limn_raster_write (load->mask, &all, values, load->width);
  }
  g_task_return_boolean (task, load->mask != NULL);
}

static void
load_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  MaskLoad *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  const gboolean loaded = g_task_propagate_boolean (G_TASK (result), &error);
  const gboolean fits = self->document && limn_document_get_width (self->document) == (int) load->width &&
                        limn_document_get_height (self->document) == (int) load->height;

  if (loaded && fits)
    limn_document_select_raster (self->document, load->mask);
  else if (load->dropped)
    limn_window_open (self, load->file);
  else if (error)
    limn_dialog_tell (GTK_WINDOW (self), _("The Mask Can’t Be Used"), error->message);
}

static void
begin_load (LimnWindow *self, GFile *file, gboolean dropped)
{
  MaskLoad *load = g_new0 (MaskLoad, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, load_done, g_object_ref (self));

  load->file = g_object_ref (file);
  load->width = (gsize) limn_document_get_width (self->document);
  load->height = (gsize) limn_document_get_height (self->document);
  load->dropped = dropped;
  g_task_set_task_data (task, load, mask_load_free);
  g_task_run_in_thread (task, load_thread);
}

gboolean
limn_window_drop_mask (LimnWindow *self, GFile *file)
{
  if (!self->session || !(limn_session_get_kind (self->session)->needs & LIMN_TAKES_MASK) || !g_file_is_native (file))
    return FALSE;
  begin_load (self, file, TRUE);
  return TRUE;
}

static void
open_response (GtkNativeDialog *dialog, int response, LimnWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && self->document && file && g_file_is_native (file))
    begin_load (self, file, FALSE);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
open_mask (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Mask from Picture"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                                              NULL, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  static const char *const types[] = { "image/png", "image/jpeg", "image/webp", "image/tiff" };

  gtk_file_filter_set_name (filter, _("Pictures"));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    gtk_file_filter_add_mime_type (filter, types[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (open_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* -- As a picture -- */

typedef struct {
  char *path;
  LimnRaster *mask;
} MaskSave;

static void
mask_save_free (gpointer data)
{
  MaskSave *save = data;

  g_free (save->path);
  g_object_unref (save->mask);
  g_free (save);
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  MaskSave *save = task_data;
  const LimnRect all = limn_raster_get_extents (save->mask);
  const gsize width = (gsize) all.width, height = (gsize) all.height;
  g_autofree guint8 *values = g_malloc (width * height);
  GError *error = NULL;
  g_autoptr (LimnPicture) picture = limn_picture_new (width, height, 8, &error);
  LimnSaveOptions options;

  if (picture) {
    limn_raster_read (save->mask, &all, values, width);
    for (gsize y = 0; y < height; y++) {
      guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

      for (gsize x = 0; x < width; x++) {
        memset (row + 4 * x, values[y * width + x], 3);
        row[4 * x + 3] = 255;
      }
    }
    limn_picture_set_has_alpha (picture, FALSE);
    limn_save_options_init (&options, picture, LIMN_FORMAT_PNG);
  }
  if (picture && limn_picture_save (picture, save->path, &options, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
save_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  MaskSave *save = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_filename_display_basename (save->path);

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_autofree char *heading = g_strdup_printf (_("“%s” Wasn’t Saved"), name);

    limn_dialog_tell (GTK_WINDOW (self), heading, error->message);
  } else {
    g_autofree char *text = g_strdup_printf (_("The mask is saved as “%s”."), name);

    limn_window_message (self, text, FALSE);
  }
}

static void
save_response (GtkNativeDialog *dialog, int response, LimnWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && self->document && path) {
    g_autoptr (GTask) task = g_task_new (NULL, NULL, save_done, g_object_ref (self));
    MaskSave *save = g_new0 (MaskSave, 1);

    save->path = g_steal_pointer (&path);
    save->mask = limn_raster_copy (limn_document_get_plane (self->document, LIMN_DOCUMENT_MASK));
    g_task_set_task_data (task, save, mask_save_free);
    g_task_run_in_thread (task, save_thread);
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/* As "NAME-mask.png" beside the picture. */
static void
save_mask (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Save Mask"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"),
                                                              NULL);
  const char *title = limn_document_get_title (self->document), *path = limn_document_get_path (self->document),
             *dot = strrchr (title, '.');
  g_autofree char *stem = dot && dot > title ? g_strndup (title, (gsize) (dot - title)) : g_strdup (title);
  g_autofree char *name = g_strconcat (stem, "-mask.png", NULL), *folder = path ? g_path_get_dirname (path) : NULL;
  g_autoptr (GFile) place = folder ? g_file_new_for_path (folder) : NULL;

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  if (place)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), place, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* -- What is selected -- */

static void
select_all (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_select_all (self->document);
}

static void
select_none (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_select_none (self->document);
}

static void
invert_mask (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_invert_mask (self->document);
}

static void
grow_mask (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_grow_mask (self->document, MASK_STEP);
}

static void
shrink_mask (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_grow_mask (self->document, -MASK_STEP);
}

static void
feather_mask (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_feather_mask (self->document, MASK_STEP);
}

static void
crop_selection (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  const LimnRect bounds = limn_raster_get_bounds (limn_document_get_plane (self->document, LIMN_DOCUMENT_MASK));
  g_autoptr (GError) error = NULL;

  if (!limn_document_crop (self->document, &bounds, &error))
    limn_window_message (self, error->message, FALSE);
}

/* What a damaged file lacks of the photo is to be filled. */
static void
fill_missing (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  const LimnPictureLoss *loss = limn_picture_get_loss (limn_document_get_photo (self->document));

  limn_session_set_task (self->session, LIMN_TASK_FILL);
  limn_document_select_rectangle (self->document, (double) loss->x, (double) loss->y, (double) loss->width, (double) loss->height,
                                  LIMN_MASK_REPLACE);
  limn_window_hide_bar (self);
}

static const GActionEntry entries[] = {
  { "open-mask", open_mask, NULL, NULL, NULL, { 0 } },           { "save-mask", save_mask, NULL, NULL, NULL, { 0 } },
  { "select-all", select_all, NULL, NULL, NULL, { 0 } },         { "select-none", select_none, NULL, NULL, NULL, { 0 } },
  { "invert-mask", invert_mask, NULL, NULL, NULL, { 0 } },       { "grow-mask", grow_mask, NULL, NULL, NULL, { 0 } },
  { "shrink-mask", shrink_mask, NULL, NULL, NULL, { 0 } },       { "feather-mask", feather_mask, NULL, NULL, NULL, { 0 } },
  { "crop-selection", crop_selection, NULL, NULL, NULL, { 0 } }, { "fill-missing", fill_missing, NULL, NULL, NULL, { 0 } },
};

void
limn_window_add_mask_actions (LimnWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
limn_window_update_mask_actions (LimnWindow *self)
{
  static const char *const without_mask[] = { "open-mask", "select-all", "invert-mask" };
  const gboolean open = self->document != NULL, masked = open && limn_document_get_has_mask (self->document);
  const gboolean missing = open && limn_picture_get_loss (limn_document_get_photo (self->document))->width > 0;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), entries[i].name);
    gboolean needless = FALSE;

    for (guint k = 0; k < G_N_ELEMENTS (without_mask); k++)
      needless |= g_str_equal (entries[i].name, without_mask[k]);
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), needless ? open : masked);
  }
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), "fill-missing")), missing);
  /* A picture that was cropped or turned since is another one. */
  if (!missing && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (self->bar_button)), "win.fill-missing") == 0)
    limn_window_hide_bar (self);
}
