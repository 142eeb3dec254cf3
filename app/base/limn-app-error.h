/* Errors of everything above the engine. A message is a sentence for the user that says what to do; the code tells what kind it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LIMN_APP_ERROR (limn_app_error_quark ())
GQuark limn_app_error_quark (void);
typedef enum {
  LIMN_APP_ERROR_USAGE,     /* an option that makes no sense */
  LIMN_APP_ERROR_INPUT,     /* a picture, mask or model that can't be used */
  LIMN_APP_ERROR_RESOURCES, /* memory or disk */
  LIMN_APP_ERROR_CANCELLED,
  LIMN_APP_ERROR_CHANGED, /* a file isn't as it was when it was read */
} LimnAppError;

/* Sets error to LIMN_APP_ERROR_CANCELLED and returns TRUE when cancellable (NULL allowed) is cancelled. */
gboolean limn_set_error_if_cancelled (GCancellable *cancellable, GError **error);

/* Sets error from an errno: LIMN_APP_ERROR_RESOURCES when the disk failed, is full or read-only, or memory or file
 * handles ran out, else LIMN_APP_ERROR_INPUT.
 * sentence: what failed, translated, with one %s for name: "%s can't be read". */
void limn_set_error_from_errno (GError **error, int code, const char *sentence, const char *name);

G_END_DECLS
