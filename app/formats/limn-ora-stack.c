/* stack.xml of an OpenRaster file (openraster.org, "Layer Stack Specification").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-ora-private.h"

#include <glib/gi18n.h>
#include <string.h>

enum {
  MAX_LAYERS = 10000, /* and groups */
  MAX_DEPTH = 64      /* of elements of any kind */
};

typedef struct {
  LimnOraStack *stack;
  GPtrArray *open; /* of LimnOraLayer: the stacks that are open, the innermost last; the first is the image's own */
  guint n_layers, depth;
  gboolean seen_image;
} Parser;

static void
layer_free (gpointer data)
{
  LimnOraLayer *self = data;

  g_free (self->name);
  g_free (self->source);
  g_clear_pointer (&self->layers, g_ptr_array_unref);
  g_free (self);
}

static const char *
get_attribute (const char **names, const char **values, const char *name)
{
  for (int i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];
  return NULL;
}

static gboolean
set_damaged (GError **error, const char *what)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("This OpenRaster file is damaged (its stack has %s)."), what);
  return FALSE;
}

static gboolean
parse_size (const char *text, int *value, GError **error)
{
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, LIMN_PICTURE_MAX_SIDE, &number, NULL))
    return set_damaged (error, "no size that can be");
  *value = (int) number;
  return TRUE;
}

/* Some programs write a number as their user's language has it: "0,5". FALSE when text is none. */
static gboolean
parse_number (const char *text, double *number)
{
  g_autofree char *plain = g_strstrip (g_strdelimit (g_strdup (text), ",", '.'));
  char *end;

  *number = g_ascii_strtod (plain, &end);
  return end > plain && *end == 0;
}

/* Offsets are whole numbers; some programs write "0.0". */
static gboolean
parse_offset (const char *text, int *value, GError **error)
{
  double number = 0;

  if ((text != NULL && !parse_number (text, &number)) || !(number >= -LIMN_PICTURE_MAX_SIDE && number <= LIMN_PICTURE_MAX_SIDE))
    return set_damaged (error, "a layer that lies out of reach");
  *value = (int) number;
  return TRUE;
}

static LimnOraLayer *
peek_innermost (Parser *self)
{
  return self->open->len > 0 ? self->open->pdata[self->open->len - 1] : NULL;
}

/* Attributes that stacks and layers share. */
static gboolean
parse_style (Parser *self, const char **names, const char **values, LimnOraLayer *layer, GError **error)
{
  const char *opacity = get_attribute (names, values, "opacity"), *visibility = get_attribute (names, values, "visibility");
  const char *op = get_attribute (names, values, "composite-op"), *name = get_attribute (names, values, "name");
  double number = 1;
  const LimnOraLayer *around = peek_innermost (self);

  if (self->n_layers++ >= MAX_LAYERS) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("This OpenRaster file has more than %d layers, which is the limit."),
                 MAX_LAYERS);
    return FALSE;
  }
  if (!parse_offset (get_attribute (names, values, "x"), &layer->x, error) ||
      !parse_offset (get_attribute (names, values, "y"), &layer->y, error))
    return FALSE;
  if ((opacity != NULL && !parse_number (opacity, &number)) || !(number >= 0 && number <= 1))
    return set_damaged (error, "an opacity that is not from 0 to 1");
  layer->style = (LimnLayerStyle){ visibility == NULL || !g_str_equal (visibility, "hidden"), number, LIMN_BLEND_NORMAL };
  if (op != NULL && !limn_blend_from_op (op, &layer->style.blend))
    self->stack->n_unknown++;
  layer->name = g_strdup (name != NULL ? name : "");
  if (around != NULL) {
    layer->x = CLAMP (layer->x + around->x, -LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE);
    layer->y = CLAMP (layer->y + around->y, -LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE);
  }
  return TRUE;
}

/* Takes layer, which lies below all that are there: the topmost is listed first. */
static void
add_lowest (Parser *self, LimnOraLayer *layer)
{
  const LimnOraLayer *around = peek_innermost (self);

  g_ptr_array_insert (around != NULL ? around->layers : self->stack->layers, 0, layer);
}

static void
start_element (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer user, GError **error)
{
  Parser *self = user;

  if (++self->depth > MAX_DEPTH) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("This OpenRaster file is nested deeper than the limit of %d levels."),
                 MAX_DEPTH);
  } else if (g_str_equal (element, "image")) {
    self->seen_image = parse_size (get_attribute (names, values, "w"), &self->stack->width, error) &&
                       parse_size (get_attribute (names, values, "h"), &self->stack->height, error);
  } else if (g_str_equal (element, "stack") || g_str_equal (element, "layer")) {
    const gboolean stack = g_str_equal (element, "stack");
    const char *source = get_attribute (names, values, "src");
    LimnOraLayer *layer;

    if (!stack && source == NULL) {
      self->stack->n_skipped++;
      return;
    }
    layer = g_new0 (LimnOraLayer, 1);
    if (!parse_style (self, names, values, layer, error)) {
      layer_free (layer);
    } else if (stack) {
      layer->layers = g_ptr_array_new_with_free_func (layer_free);
      layer->isolated = g_strcmp0 (get_attribute (names, values, "isolation"), "isolate") == 0;
      g_ptr_array_add (self->open, layer);
    } else {
      layer->source = g_strdup (g_str_has_prefix (source, "./") ? source + 2 : source);
      add_lowest (self, layer);
    }
  } else if (g_str_equal (element, "text") || g_str_equal (element, "filter")) {
    self->stack->n_skipped++;
  }
}

static gboolean
are_normal (const GPtrArray *layers)
{
  for (guint i = 0; i < layers->len; i++)
    if (((const LimnOraLayer *) layers->pdata[i])->style.blend != LIMN_BLEND_NORMAL)
      return FALSE;
  return TRUE;
}

/* Whether its layers are blended with each other before they are blended with what is below. */
static gboolean
is_isolated (const LimnOraLayer *group)
{
  return group->isolated || group->style.opacity < 1 || group->style.blend != LIMN_BLEND_NORMAL;
}

/* Whether its layers look the same without the group, given the group's attributes. */
static gboolean
can_dissolve (const LimnOraLayer *group)
{
  if (!is_isolated (group))
    return TRUE;
  if (group->layers->len == 1) /* there is nothing below it to blend with or to be atop of */
    return ((const LimnOraLayer *) group->layers->pdata[0])->style.blend != LIMN_BLEND_ATOP;
  return group->style.opacity == 1 && group->style.blend == LIMN_BLEND_NORMAL && are_normal (group->layers);
}

/* The layers of group, which is freed, become the lowest. */
static void
dissolve_group (Parser *self, LimnOraLayer *group)
{
  while (group->layers->len > 0) {
    LimnOraLayer *layer = g_ptr_array_steal_index (group->layers, group->layers->len - 1);

    layer->style.visible = layer->style.visible && group->style.visible;
    layer->style.opacity *= group->style.opacity;
    if (is_isolated (group))
      layer->style.blend = group->style.blend;
    add_lowest (self, layer);
  }
  layer_free (group);
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer user, GError **error)
{
  Parser *self = user;
  LimnOraLayer *group;

  self->depth--;
  if (!g_str_equal (element, "stack"))
    return;
  group = g_ptr_array_steal_index (self->open, self->open->len - 1);
  if (self->open->len == 0) { /* the image's, of which only its layers count */
    group->style = (LimnLayerStyle) LIMN_LAYER_STYLE_INIT;
    group->isolated = FALSE;
  }
  if (group->layers->len == 0)
    layer_free (group);
  else if (can_dissolve (group))
    dissolve_group (self, group);
  else
    add_lowest (self, group);
}

gboolean
limn_ora_stack_parse (LimnOraStack *self, const char *xml, gsize length, GError **error)
{
  static const GMarkupParser functions = { .start_element = start_element, .end_element = end_element };
  Parser parser = { .stack = self, .open = g_ptr_array_new_with_free_func (layer_free) };
  GMarkupParseContext *context = g_markup_parse_context_new (&functions, 0, &parser, NULL);
  GError *why = NULL;
  gboolean done;

  if (length >= 3 && memcmp (xml, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
    xml += 3;
    length -= 3;
  }
  *self = (LimnOraStack){ .layers = g_ptr_array_new_with_free_func (layer_free) };
  done = g_markup_parse_context_parse (context, xml, (gssize) length, &why) && g_markup_parse_context_end_parse (context, &why);
  g_markup_parse_context_free (context);
  g_ptr_array_unref (parser.open);
  if (done && !parser.seen_image)
    done = set_damaged (&why, "no picture");
  if (done && (guint64) self->width * self->height > LIMN_PICTURE_MAX_PIXELS)
    done = set_damaged (&why, "too many pixels");
  if (done)
    return TRUE;
  if (why->domain == G_MARKUP_ERROR) {
    g_clear_error (&why);
    set_damaged (&why, "no XML that can be read");
  }
  g_propagate_error (error, why);
  limn_ora_stack_clear (self);
  return FALSE;
}

void
limn_ora_stack_clear (LimnOraStack *self)
{
  g_clear_pointer (&self->layers, g_ptr_array_unref);
}
