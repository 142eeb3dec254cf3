/* A result as a layer of a document (OpenRaster), with its recipe.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include "app/document/limn-document-edits.h"
#include "app/formats/limn-ora.h"

gboolean
cli_is_document (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ".ora");
}

/* What the layer is laid into: the document that was given, or a new one of the photo, or of a canvas as large as the result. */
static LimnDocument *
open_document (CliRun *run, LimnPicture *photo, const LimnResult *result, GError **error)
{
  const char *path = run->arguments.operands[0];
  LimnPicture *picture = result->picture;
  g_autoptr (LimnSnapshot) snapshot = NULL;

  if (!photo)
    return limn_document_new_sketch (limn_picture_get_width (picture), limn_picture_get_height (picture), error);
  if (!cli_is_document (path))
    return limn_document_new (photo, NULL);
  snapshot = limn_ora_load (path, run->cancellable, error);
  return snapshot ? limn_document_new_from_snapshot (snapshot) : NULL;
}

gboolean
cli_save_document (CliRun *run, const LimnEdit *edit, const LimnResult *result, LimnPicture *photo, GError **error)
{
  g_autoptr (LimnDocument) document = open_document (run, photo, result, error);
  g_autoptr (LimnSnapshot) snapshot = NULL;

  if (!document)
    return FALSE;
  limn_document_add_result (document, edit, result, limn_edit_get_kind (edit)->label, run->model_hash);
  snapshot = limn_document_dup_snapshot (document);
  return limn_ora_save (snapshot, run->arguments.out, run->cancellable, error);
}
