/*
 * xml.h - find the text of one element. For S3's small answers; no DTD, no entities but the five and
 * numbered characters.
 */
#ifndef IC_XML_H
#define IC_XML_H

#include "base/buf.h"
#include "base/view.h"

/** 1 when the root element of @p document is @p name. */
int ic_xml_root_is(ic_view document, const char *name);

/**
 * Append the decoded text of the first element called @p name to @p out.
 * 1 when it was found and closed, else 0.
 */
int ic_xml_text(ic_view document, const char *name, ic_buf *out);

#endif
