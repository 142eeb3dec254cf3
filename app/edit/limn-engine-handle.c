/* The engine with its weights as an object, and where the weights are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit-private.h"

#include "app/base/limn-data-folder.h"

struct _LimnEngineHandle {
  GObject parent;
  LimnEngine *engine;
  char *base, *detail, *see;
  char *colours; /* NULL: there is none */
  char *hash;    /* made on first use; under lock */
  GMutex lock;
  LimnColorCache *colors;
  LimnSurfaces *surfaces;   /* read on first use; under lock */
  LimnSketchMemory *memory; /* NULL where there was no room for it */
};

G_DEFINE_FINAL_TYPE (LimnEngineHandle, limn_engine_handle, G_TYPE_OBJECT)

static void
limn_engine_handle_finalize (GObject *object)
{
  LimnEngineHandle *self = LIMN_ENGINE_HANDLE (object);

  limn_color_cache_free (self->colors);
  limn_engine_free (self->engine);
  limn_surfaces_free (self->surfaces);
  limn_sketch_memory_free (self->memory);
  g_free (self->base);
  g_free (self->detail);
  g_free (self->see);
  g_free (self->colours);
  g_free (self->hash);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (limn_engine_handle_parent_class)->finalize (object);
}

static void
limn_engine_handle_class_init (LimnEngineHandleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = limn_engine_handle_finalize;
}

static void
limn_engine_handle_init (LimnEngineHandle *self)
{
  g_mutex_init (&self->lock);
  self->colors = limn_color_cache_new ();
}

char *
limn_models_folder (const char *models)
{
  return models && *models ? g_strdup (models) : limn_data_folder ("LIMN_MODELS", "models", "base.safetensors");
}

/* path, or NULL if there is no such file. */
static char *
existing (char *path)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_clear_pointer (&path, g_free);
  return path;
}

LimnEngineHandle *
limn_engine_handle_new (const char *models, int threads, GError **error)
{
  g_autofree char *folder = limn_models_folder (models);
  g_autoptr (LimnEngineHandle) self = g_object_new (LIMN_TYPE_ENGINE_HANDLE, NULL);
  LimnEngineOptions options = { .threads = threads };
  LimnError engine_error = { "" };
  LimnStatus status;

  self->base = g_build_filename (folder, "base.safetensors", NULL);
  self->detail = g_build_filename (folder, "detail.safetensors", NULL);
  options.base_path = self->base;
  self->see = g_build_filename (folder, "see.safetensors", NULL);
  options.detail_path = self->detail;
  options.see_path = self->see;
  self->colours = existing (g_build_filename (folder, "colours.safetensors", NULL));
  options.colours_path = self->colours;
  status = limn_engine_new (&self->engine, &options, &engine_error);
  if (status != LIMN_OK) {
    limn_set_engine_error (error, status, &engine_error);
    return NULL;
  }
  if (limn_sketch_memory_new (&self->memory, &engine_error) != LIMN_OK)
    self->memory = NULL;
  return g_steal_pointer (&self);
}

LimnEngine *
limn_engine_handle_borrow (LimnEngineHandle *self)
{
  return self->engine;
}

LimnSketchMemory *
limn_engine_handle_get_sketch_memory (LimnEngineHandle *self)
{
  return self->memory;
}

LimnColorCache *
limn_engine_handle_get_color_cache (LimnEngineHandle *self)
{
  return self->colors;
}

const LimnSurfaces *
limn_engine_handle_get_surfaces (LimnEngineHandle *self, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  if (!self->surfaces)
    self->surfaces = limn_load_surfaces (error);
  return self->surfaces;
}

void
limn_engine_handle_prepare (LimnEngineHandle *self, LimnTask task)
{
  if (limn_task_get_kind (task)->takes & LIMN_TAKES_DRAWING)
    limn_engine_handle_get_surfaces (self, NULL);
}

/* The hash of a network's file, 0 where it can't be read; told: whether it is told what the recogniser sees. */
static guint64
file_hash (const char *path, gboolean *told)
{
  LimnModelInfo info;
  const gboolean readable = limn_model_info (path, &info, NULL) == LIMN_OK;

  *told = readable && *info.see;
  return readable ? info.hash : 0;
}

const char *
limn_engine_handle_get_model_hash (LimnEngineHandle *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (LIMN_IS_ENGINE_HANDLE (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  if (!self->hash) {
    gboolean told, other;
    const guint64 base = file_hash (self->base, &told), detail = file_hash (self->detail, &other);

    self->hash = g_strdup_printf ("%016" G_GINT64_MODIFIER "x-%016" G_GINT64_MODIFIER "x", base, detail);
    if (told) {
      g_autofree char *networks = self->hash;
      self->hash = g_strdup_printf ("%s-%016" G_GINT64_MODIFIER "x", networks, file_hash (self->see, &other));
      if (self->colours) {
        g_autofree char *without = self->hash;
        self->hash = g_strdup_printf ("%s-%016" G_GINT64_MODIFIER "x", without, file_hash (self->colours, &other));
      }
    }
  }
  return self->hash;
}
