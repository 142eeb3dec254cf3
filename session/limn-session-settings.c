/* What people set: tools and brushes, GSettings, and how the settings become an edit or a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include <math.h>

/* Pictures up to this many pixels are offered to be enlarged. */
#define SMALL_PIXELS 400000
/* Levels of 255 that the channels of a gray photo may differ by (JPEG rounding). */
#define GRAY_TOLERANCE 3

/* -- Tools -- */

static const LimnToolKind fill_tools[] = { LIMN_TOOL_BRUSH,     LIMN_TOOL_ERASER,       LIMN_TOOL_LASSO,
                                           LIMN_TOOL_RECTANGLE, LIMN_TOOL_ELLIPSE,      LIMN_TOOL_SIMILAR,
                                           LIMN_TOOL_GUIDE,     LIMN_TOOL_GUIDE_PENCIL, LIMN_TOOL_CROP };
static const LimnToolKind colorize_tools[] = { LIMN_TOOL_DOT,    LIMN_TOOL_PICKER, LIMN_TOOL_BRUSH,
                                               LIMN_TOOL_ERASER, LIMN_TOOL_LASSO,  LIMN_TOOL_CROP };
static const LimnToolKind sketch_tools[] = { LIMN_TOOL_PAINT,  LIMN_TOOL_PENCIL, LIMN_TOOL_ERASER,
                                             LIMN_TOOL_PICKER, LIMN_TOOL_BUCKET, LIMN_TOOL_CROP };
static const LimnToolKind upscale_tools[] = { LIMN_TOOL_LENS, LIMN_TOOL_CROP };

const LimnToolKind *
limn_task_get_tools (LimnTask task, guint *n_tools)
{
  switch (task) {
  case LIMN_TASK_COLORIZE: *n_tools = G_N_ELEMENTS (colorize_tools); return colorize_tools;
  case LIMN_TASK_SKETCH: *n_tools = G_N_ELEMENTS (sketch_tools); return sketch_tools;
  case LIMN_TASK_UPSCALE: *n_tools = G_N_ELEMENTS (upscale_tools); return upscale_tools;
  default: *n_tools = G_N_ELEMENTS (fill_tools); return fill_tools;
  }
}

static const struct {
  const char *nick, *label;
  char key;
} kinds[LIMN_N_TOOLS] = {
  [LIMN_TOOL_BRUSH] = { "brush", N_("Brush"), 'b' },
  [LIMN_TOOL_ERASER] = { "eraser", N_("Eraser"), 'e' },
  [LIMN_TOOL_LASSO] = { "lasso", N_("Lasso"), 'l' },
  [LIMN_TOOL_RECTANGLE] = { "rectangle", N_("Rectangle"), 'm' },
  [LIMN_TOOL_ELLIPSE] = { "ellipse", N_("Ellipse"), 'o' },
  [LIMN_TOOL_SIMILAR] = { "similar", N_("Similar Area"), 'w' },
  [LIMN_TOOL_CROP] = { "crop", N_("Crop and Expand"), 'x' },
  [LIMN_TOOL_GUIDE] = { "guide", N_("Guide Colors"), 'g' },
  [LIMN_TOOL_GUIDE_PENCIL] = { "guide-pencil", N_("Guide Lines"), 'p' },
  [LIMN_TOOL_DOT] = { "dot", N_("Color Dot"), 'd' },
  [LIMN_TOOL_PICKER] = { "picker", N_("Pick a Color"), 'i' },
  [LIMN_TOOL_PAINT] = { "paint", N_("Paint"), 'b' },
  [LIMN_TOOL_PENCIL] = { "pencil", N_("Pencil"), 'p' },
  [LIMN_TOOL_BUCKET] = { "bucket", N_("Fill Area"), 'k' },
  [LIMN_TOOL_LENS] = { "lens", N_("Lens"), 0 },
};

const char *
limn_tool_kind_get_nick (LimnToolKind kind)
{
  g_return_val_if_fail (kind < LIMN_N_TOOLS, NULL);
  return kinds[kind].nick;
}

const char *
limn_tool_kind_get_label (LimnToolKind kind)
{
  g_return_val_if_fail (kind < LIMN_N_TOOLS, NULL);
  return _(kinds[kind].label);
}

char
limn_tool_kind_get_key (LimnToolKind kind)
{
  g_return_val_if_fail (kind < LIMN_N_TOOLS, 0);
  return kinds[kind].key;
}

double
limn_session_get_brush_size (LimnSession *self)
{
  return self->sizes[limn_session_get_tool (self)];
}

void
limn_session_get_brush (LimnSession *self, LimnBrush *brush)
{
  LimnToolKind tool = limn_session_get_tool (self);
  gboolean line = tool == LIMN_TOOL_PENCIL || tool == LIMN_TOOL_GUIDE_PENCIL;
  limn_brush_init (brush);
  brush->size = limn_session_get_brush_size (self);
  brush->hardness = line ? 1 : self->set.brush_hardness;
  brush->pressure_size = g_settings_get_boolean (self->settings, "brush-pressure") ? 0.5 : 0;
  brush->erase = tool == LIMN_TOOL_ERASER;
  brush->rgba[0] = (guint8) lrint (self->color.red * 255);
  brush->rgba[1] = (guint8) lrint (self->color.green * 255);
  brush->rgba[2] = (guint8) lrint (self->color.blue * 255);
  brush->rgba[3] = 255;
}

/* -- GSettings -- */

static gboolean
view_from_settings (GValue *value, GVariant *variant, gpointer user)
{
  static const char *const names[] = { "over", "beside", "sketch-only" };
  for (int i = 0; i < (int) G_N_ELEMENTS (names); i++)
    if (g_str_equal (g_variant_get_string (variant, NULL), names[i]))
      g_value_set_int (value, i);
  return TRUE;
}

static GVariant *
view_to_settings (const GValue *value, const GVariantType *type, gpointer user)
{
  static const char *const names[] = { "over", "beside", "sketch-only" };
  return g_variant_new_string (names[g_value_get_int (value)]);
}

void
limn_session_bind_settings (LimnSession *self)
{
  static const char *const keys[][2] = {
    { "brush-hardness", "brush-hardness" }, { "similar-tolerance", "tolerance" },
    { "similar-contiguous", "contiguous" }, { "fill-grow", "grow" },
    { "fill-feather", "feather" },          { "colorize-saturation", "saturation" },
    { "sketch-freedom", "freedom" },        { "upscale-scale", "scale" },
    { "upscale-denoise", "denoise" },       { "upscale-faithful", "faithful" },
  };
  /* What another window sets is its own business until the next picture. */
  const GSettingsBindFlags own = G_SETTINGS_BIND_GET | G_SETTINGS_BIND_SET | G_SETTINGS_BIND_GET_NO_CHANGES;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_bind (self->settings, keys[i][0], self, keys[i][1], own);
  g_settings_bind (self->settings, "steps", self, "steps", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "live", self, "live", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (self->settings, "sketch-view", self, "sketch-view", own, view_from_settings, view_to_settings, NULL, NULL);
  g_autofree char *color = g_settings_get_string (self->settings, "sketch-color");
  if (!gdk_rgba_parse (&self->color, color))
    self->color = (GdkRGBA){ 0.21f, 0.52f, 0.89f, 1 };
  self->color.alpha = 1;

  /* Lines are thin and paint is broad on a canvas of any size, and the first stroke is one that can be seen. */
  double side = MAX (limn_document_get_width (self->document), limn_document_get_height (self->document));
  for (guint i = 0; i < LIMN_N_TOOLS; i++)
    self->sizes[i] = MAX (g_settings_get_double (self->settings, "brush-size"), round (side / 40));
  self->sizes[LIMN_TOOL_PAINT] = self->sizes[LIMN_TOOL_GUIDE] = MAX (8, round (side / 20));
  self->sizes[LIMN_TOOL_PENCIL] = self->sizes[LIMN_TOOL_GUIDE_PENCIL] = MAX (3, round (side / 150));
  self->sizes[LIMN_TOOL_DOT] = MAX (4, round (side / 60));
}

/* -- The edit that the present state asks for -- */

gboolean
limn_session_photo_is_gray (LimnSession *self)
{
  LimnPicture *photo = limn_document_get_photo (self->document);
  if (self->gray_photo != photo) {
    self->is_gray = !limn_document_is_sketch (self->document) && limn_picture_is_gray (photo, GRAY_TOLERANCE);
    self->gray_photo = photo;
  }
  return self->is_gray;
}

LimnTask
limn_session_suggest_task (LimnSession *self)
{
  gint64 pixels = (gint64) limn_document_get_width (self->document) * limn_document_get_height (self->document);
  if (limn_document_is_sketch (self->document))
    return LIMN_TASK_SKETCH;
  if (limn_session_photo_is_gray (self))
    return LIMN_TASK_COLORIZE;
  return pixels <= SMALL_PIXELS ? LIMN_TASK_UPSCALE : LIMN_TASK_FILL;
}

/* The edit looks at what lies under the layer that it is to replace. */
static void
look_under_editing (LimnSession *self, LimnEdit *edit)
{
  if (!self->editing || !edit->from.photo || !limn_layer_get_recipe (self->editing))
    return;
  if (!self->under) {
    g_autoptr (LimnEdit) again = limn_document_make_edit_for_layer (self->document, self->editing, NULL);
    self->under = g_steal_pointer (&again->from.photo);
  }
  limn_source_unref (edit->from.photo);
  edit->from.photo = limn_source_ref (self->under);
}

LimnEdit *
limn_session_make_edit (LimnSession *self, GError **error)
{
  g_autoptr (LimnEdit) edit = limn_document_make_edit (self->document, self->task, error);
  if (!edit)
    return NULL;
  look_under_editing (self, edit);
  edit->seed = self->set.seed;
  edit->steps = self->set.steps;
  edit->grow = self->set.grow;
  edit->feather = self->set.feather;
  edit->saturation = self->set.saturation;
  edit->freedom = self->set.freedom;
  edit->scale = self->set.scale;
  edit->denoise = self->set.denoise;
  edit->faithful = self->set.faithful && self->set.denoise <= 0;
  return g_steal_pointer (&edit);
}

void
limn_session_take_settings (LimnSession *self, const LimnEdit *recipe)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_object_set (self, "seed", recipe->seed, "steps", CLAMP (recipe->steps, 1, 2), NULL);
  if (recipe->task == LIMN_TASK_FILL)
    g_object_set (self, "grow", CLAMP (recipe->grow, 0, 100), "feather", CLAMP (recipe->feather, 0, 100), NULL);
  else if (recipe->task == LIMN_TASK_COLORIZE)
    g_object_set (self, "saturation", recipe->saturation, NULL);
  else if (recipe->task == LIMN_TASK_SKETCH)
    g_object_set (self, "freedom", recipe->freedom, NULL);
  g_object_thaw_notify (G_OBJECT (self));
}

/* -- In words -- */

static gboolean
describe_upscale (LimnSession *self, char **label, char **hint)
{
  gint64 width = (gint64) limn_document_get_width (self->document) * self->set.scale;
  gint64 height = (gint64) limn_document_get_height (self->document) * self->set.scale;
  *label = g_strdup_printf (_("Upscale to %d × %d"), (int) width, (int) height);
  if (width <= LIMN_PICTURE_MAX_SIDE && height <= LIMN_PICTURE_MAX_SIDE && width * height <= LIMN_PICTURE_MAX_PIXELS)
    return TRUE;
  *hint = g_strdup_printf (_("That would be too large: at most %d megapixels"), LIMN_PICTURE_MAX_PIXELS / 1000000);
  return FALSE;
}

/* How the present tool says what is to be filled. */
static const char *
fill_hint (LimnSession *self)
{
  switch (limn_session_get_tool (self)) {
  case LIMN_TOOL_LASSO:
  case LIMN_TOOL_RECTANGLE:
  case LIMN_TOOL_ELLIPSE: return _("Draw around what should go");
  case LIMN_TOOL_SIMILAR: return _("Click what should go");
  case LIMN_TOOL_CROP: return _("Drag an edge or a corner");
  default: return _("Paint over what should go");
  }
}

gboolean
limn_session_describe (LimnSession *self, char **label, char **hint)
{
  LimnDocument *document = self->document;
  LimnRect crop, all = { 0, 0, limn_document_get_width (document), limn_document_get_height (document) };
  if (limn_session_get_crop (self, &crop)) {
    *label = g_strdup (limn_document_name_crop (&all, &crop));
    return TRUE;
  }
  switch (self->task) {
  case LIMN_TASK_COLORIZE: *label = g_strdup (_("Colorize")); return TRUE;
  case LIMN_TASK_SKETCH:
    *label = g_strdup (_("Use This Sketch"));
    if (!limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT)) ||
        !limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_INK)))
      return TRUE;
    *hint = g_strdup (_("Paint or draw something"));
    return FALSE;
  case LIMN_TASK_UPSCALE: return describe_upscale (self, label, hint);
  default:
    *label = g_strdup (self->editing_asked ? _("Fill Again") : _("Fill"));
    if (limn_document_get_has_mask (document))
      return TRUE;
    *hint = g_strdup (fill_hint (self));
    return FALSE;
  }
}
