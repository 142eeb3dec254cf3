/* Errors of everything above the engine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-app-error.h"

#include <errno.h>
#include <glib/gi18n.h>

GQuark
limn_app_error_quark (void)
{
  return g_quark_from_static_string ("limn-app-error-quark");
}

gboolean
limn_set_error_if_cancelled (GCancellable *cancellable, GError **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return FALSE;
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, _("Cancelled."));
  return TRUE;
}

void
limn_set_error_from_errno (GError **error, int code, const char *sentence, const char *name)
{
  gboolean full = code == ENOSPC || code == EDQUOT || code == EFBIG || code == EIO || code == EROFS || code == ENOMEM || code == EMFILE ||
                  code == ENFILE;
  g_autofree char *what = g_strdup_printf (sentence, name);

  g_set_error (error, LIMN_APP_ERROR, full ? LIMN_APP_ERROR_RESOURCES : LIMN_APP_ERROR_INPUT, _("%s: %s."), what, g_strerror (code));
}
