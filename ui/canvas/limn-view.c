/* The view's arithmetic. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-view.h"

#include <math.h>

/* Free room around a picture that fits. */
#define MARGIN 24.0

void
limn_view_init (LimnView *self)
{
  *self = (LimnView){ .width = 1, .height = 1, .document_width = 1, .document_height = 1, .scale = 1, .zoom = 1, .fit = TRUE };
}

void
limn_view_get_middle (const LimnView *self, double *x, double *y)
{
  *x = (self->left + MAX (self->left, self->width - self->right)) / 2;
  *y = (self->top + MAX (self->top, self->height - self->bottom)) / 2;
}

/* At least half of what could be seen stays in sight; the origin lies on a device pixel. */
static void
settle (LimnView *self)
{
  double w = self->document_width * self->zoom, h = self->document_height * self->zoom, middle_x, middle_y;
  limn_view_get_middle (self, &middle_x, &middle_y);
  self->x = CLAMP (self->x, middle_x - w, middle_x);
  self->y = CLAMP (self->y, middle_y - h, middle_y);
  self->x = round (self->x * self->scale) / self->scale;
  self->y = round (self->y * self->scale) / self->scale;
}

static void
centre_on (LimnView *self, double document_x, double document_y)
{
  double x, y;
  limn_view_get_middle (self, &x, &y);
  self->x = x - document_x * self->zoom;
  self->y = y - document_y * self->zoom;
  settle (self);
}

/* The lower edge of what panels leave free: they get at most half of the pane. */
static double
get_lower_edge (const LimnView *self)
{
  return self->height - MIN (self->bottom_inset, self->height / 2);
}

double
limn_view_get_fit_zoom (const LimnView *self)
{
  double width = MAX (self->width - self->left - self->right - 2 * MARGIN, 16);
  double lower = MIN (self->height - self->bottom - MARGIN, get_lower_edge (self));
  double height = MAX (lower - self->top - MARGIN, 16);
  double zoom = MIN (width / self->document_width, height / self->document_height);
  if (zoom > 1 && !self->enlarge)
    zoom = floor (zoom);
  else if (zoom > 2)
    zoom = floor (zoom * 2) / 2;
  return MIN (zoom, self->enlarge ? 4 : 6); /* short of where pixels get lines */
}

void
limn_view_fit (LimnView *self)
{
  self->fit = TRUE;
  self->zoom = limn_view_get_fit_zoom (self);
  centre_on (self, self->document_width / 2.0, self->document_height / 2.0);
  double lowest = get_lower_edge (self) - self->document_height * self->zoom;
  if (self->y > lowest)
    self->y = floor (lowest * self->scale) / self->scale;
  /* In the middle of the whole, as the panel at the lower edge, where that leaves the panels at the sides free. */
  double width = self->document_width * self->zoom, right = self->width - self->right - MARGIN - width;
  if (right > self->left + MARGIN)
    self->x = round (CLAMP ((self->width - width) / 2, self->left + MARGIN, right) * self->scale) / self->scale;
}

void
limn_view_set_size (LimnView *self, double width, double height)
{
  double x, y, document_x, document_y;
  limn_view_get_middle (self, &x, &y);
  limn_view_to_document (self, x, y, &document_x, &document_y);
  self->width = width;
  self->height = height;
  if (self->fit)
    limn_view_fit (self);
  else
    centre_on (self, document_x, document_y);
}

void
limn_view_set_document (LimnView *self, int width, int height)
{
  self->document_width = width;
  self->document_height = height;
  if (self->fit)
    limn_view_fit (self);
  else
    settle (self);
}

void
limn_view_zoom_to (LimnView *self, double zoom, double x, double y)
{
  double document_x, document_y, least = MIN (LIMN_VIEW_MIN_ZOOM, limn_view_get_fit_zoom (self));
  limn_view_to_document (self, x, y, &document_x, &document_y);
  self->zoom = CLAMP (zoom, least, LIMN_VIEW_MAX_ZOOM);
  self->fit = FALSE;
  self->x = x - document_x * self->zoom;
  self->y = y - document_y * self->zoom;
  settle (self);
}

double
limn_view_next_zoom (const LimnView *self, int direction)
{
  static const double ladder[] = { 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32 };
  int n = G_N_ELEMENTS (ladder);
  if (direction > 0) {
    for (int i = 0; i < n; i++)
      if (ladder[i] > self->zoom * 1.001)
        return ladder[i];
  } else {
    for (int i = n; i-- > 0;)
      if (ladder[i] < self->zoom * 0.999)
        return ladder[i];
  }
  return self->zoom;
}

void
limn_view_pan (LimnView *self, double dx, double dy)
{
  self->fit = FALSE;
  self->x += dx;
  self->y += dy;
  settle (self);
}

void
limn_view_to_document (const LimnView *self, double x, double y, double *document_x, double *document_y)
{
  *document_x = (x - self->x) / self->zoom;
  *document_y = (y - self->y) / self->zoom;
}

void
limn_view_from_document (const LimnView *self, double document_x, double document_y, double *x, double *y)
{
  *x = self->x + document_x * self->zoom;
  *y = self->y + document_y * self->zoom;
}
