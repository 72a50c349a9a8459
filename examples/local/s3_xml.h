/*
 * s3_xml.h - XML out (a writer that escapes) and XML in (a strict, bounded reader).
 */
#ifndef ICECAT_LOCAL_S3_XML_H
#define ICECAT_LOCAL_S3_XML_H

#include "s3_text.h"

#include <stdint.h>

#define S3_XML_NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"

/* The declaration and the root element, in S3's namespace. */
void s3_xml_begin(s3_text *out, const char *root);
void s3_xml_open(s3_text *out, const char *name);
void s3_xml_close(s3_text *out, const char *name);

/* <name>value</name>, escaped. */
void s3_xml_element(s3_text *out, const char *name, const char *value);
void s3_xml_number(s3_text *out, const char *name, uint64_t value);
void s3_xml_flag(s3_text *out, const char *name, bool value);

/* Append value with every character that XML forbids or gives a meaning escaped; bytes that are not UTF-8
 * become U+FFFD. */
void s3_xml_escape(s3_text *out, const char *value);

/*
 * Told about every element: at its start with text NULL, at its end with its text ("" when it had
 * elements instead). path is "Delete/Object/Key", without namespace prefixes. False stops.
 */
typedef bool (*s3_xml_visit)(void *userdata, const char *path, const char *text);

/* Read a document. False when it is not well-formed, not allowed here, or visit said so. */
bool s3_xml_read(const unsigned char *data, size_t len, s3_xml_visit visit, void *userdata);

#endif
