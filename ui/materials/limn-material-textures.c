/* Materials as textures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-material-textures.h"

#include "ui/pictures/limn-picture-texture.h"

/* Pixels a side: twice what is shown, for screens that are twice as fine. */
#define SIZE 96

struct _LimnMaterialTextures {
  GObject parent_instance;
  GdkTexture *textures[256]; /* by label */
};

G_DEFINE_FINAL_TYPE (LimnMaterialTextures, limn_material_textures, G_TYPE_OBJECT)

static guint changed_signal;

static void
limn_material_textures_finalize (GObject *object)
{
  LimnMaterialTextures *self = LIMN_MATERIAL_TEXTURES (object);
  for (guint i = 0; i < G_N_ELEMENTS (self->textures); i++)
    g_clear_object (&self->textures[i]);
  G_OBJECT_CLASS (limn_material_textures_parent_class)->finalize (object);
}

static void
limn_material_textures_class_init (LimnMaterialTexturesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = limn_material_textures_finalize;
  changed_signal = g_signal_new ("changed", LIMN_TYPE_MATERIAL_TEXTURES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GdkTexture *
make_plain (const guint8 rgb[3])
{
  const guint8 pixel[4] = { rgb[0], rgb[1], rgb[2], 255 };
  g_autoptr (GBytes) bytes = g_bytes_new (pixel, sizeof pixel);
  return gdk_memory_texture_new (1, 1, GDK_MEMORY_R8G8B8A8, bytes, sizeof pixel);
}

static void
limn_material_textures_init (LimnMaterialTextures *self)
{
  for (guint i = 0; i < limn_material_get_count (); i++) {
    LimnMaterialInfo info = limn_material_get (i);
    self->textures[info.label] = make_plain (info.rgb);
  }
}

static void
run_load (GTask *task, gpointer self, gpointer index, GCancellable *cancellable)
{
  GError *error = NULL;
  LimnPicture *swatch = limn_material_make_swatch (GPOINTER_TO_UINT (index), SIZE, &error);
  if (swatch)
    g_task_return_pointer (task, swatch, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void load_next (LimnMaterialTextures *self, guint index);

/* Where one can't be read its colour stays, which tells enough. */
static void
on_loaded (GObject *object, GAsyncResult *result, gpointer user)
{
  LimnMaterialTextures *self = LIMN_MATERIAL_TEXTURES (object);
  guint index = GPOINTER_TO_UINT (g_task_get_task_data (G_TASK (result)));
  g_autoptr (LimnPicture) swatch = g_task_propagate_pointer (G_TASK (result), NULL);
  guint8 label = limn_material_get (index).label;
  if (swatch) {
    g_object_unref (self->textures[label]);
    self->textures[label] = limn_picture_to_texture (swatch);
    g_signal_emit (self, changed_signal, 0);
  }
  load_next (self, index + 1);
}

static void
load_next (LimnMaterialTextures *self, guint index)
{
  if (index == limn_material_get_count ())
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, on_loaded, NULL);
  g_task_set_task_data (task, GUINT_TO_POINTER (index), NULL);
  g_task_run_in_thread (task, run_load);
}

LimnMaterialTextures *
limn_material_textures_get (void)
{
  static LimnMaterialTextures *only;
  if (!only) {
    only = g_object_new (LIMN_TYPE_MATERIAL_TEXTURES, NULL);
    load_next (only, 0);
  }
  return only;
}

GdkTexture *
limn_material_textures_peek (LimnMaterialTextures *self, guint8 label)
{
  return self->textures[label];
}
