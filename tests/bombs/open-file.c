/* Opens a file as the programs do and tells how it ended, for test-bombs.py: open-file picture|document|autosave|weights PATH.
 * Prints "opened" or the error's sentence; ends with 0, 2 (the file can't be used) or 3 (memory).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/autosave/limn-autosave.h"
#include "app/base/limn-app-error.h"
#include "app/decode/limn-picture-load.h"
#include "app/formats/limn-ora.h"
#include "app/picture/limn-picture-file.h"
#include "engine/limn-engine.h"

#include <stdio.h>
#include <string.h>

static gboolean
open_picture (const char *path, GError **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_load (path, NULL, error);

  return picture != NULL;
}

static gboolean
open_document (const char *path, GError **error)
{
  g_autoptr (LimnSnapshot) snapshot = limn_ora_load (path, NULL, error), saved = NULL;
  guint n_lost;

  if (!snapshot && g_error_matches (*error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT)) /* as the window does */
    saved = limn_ora_salvage (path, &n_lost, NULL, NULL);
  return snapshot != NULL;
}

/* path: the folder in which the folders of documents lie. */
static gboolean
open_autosave (const char *path, GError **error)
{
  g_autoptr (GPtrArray) found = limn_autosave_list (path);
  g_autoptr (LimnSnapshot) snapshot = found->len > 0 ? limn_autosave_recover (found->pdata[0], error) : NULL;

  if (found->len == 0)
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "nothing is found");
  return snapshot != NULL;
}

static gboolean
open_weights (const char *path, GError **error)
{
  LimnError why;
  LimnModelInfo info;
  const LimnStatus status = limn_model_info (path, &info, &why);

  if (status != LIMN_OK)
    g_set_error_literal (error, LIMN_APP_ERROR, status == LIMN_NO_MEMORY ? LIMN_APP_ERROR_RESOURCES : LIMN_APP_ERROR_INPUT, why.text);
  return status == LIMN_OK;
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    gboolean (*open) (const char *path, GError **error);
  } kinds[] = { { "picture", open_picture }, { "document", open_document }, { "autosave", open_autosave }, { "weights", open_weights } };

  for (guint i = 0; argc == 3 && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (argv[1], kinds[i].name) == 0) {
      g_autoptr (GError) error = NULL;
      const gboolean opened = kinds[i].open (argv[2], &error);

      puts (opened ? "opened" : error->message);
      return opened ? 0 : g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES) ? 3 : 2;
    }
  return 1;
}
