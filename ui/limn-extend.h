/* Room around the picture, given in numbers (the keyboard's way to expand edges). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "limn-document.h"

G_BEGIN_DECLS

void limn_extend_ask (GtkWindow *parent, LimnDocument *document);

G_END_DECLS
