/* The canvas's size by numbers: the keyboard's way to crop and expand. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document/limn-document.h"

G_BEGIN_DECLS

void limn_canvas_size_ask (GtkWindow *parent, LimnDocument *document);

G_END_DECLS
