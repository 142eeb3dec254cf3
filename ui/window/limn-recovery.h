/* What a crash has left: offered when Limn starts. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-window.h"

G_BEGIN_DECLS

/* Shows a dialog over window when there is something to recover: each document opens in a window of its own. FALSE when there is
 * nothing. */
gboolean limn_recovery_offer (LimnWindow *window);

G_END_DECLS
