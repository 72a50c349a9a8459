/*
 * export.h - which functions are public, and how stable they are.
 */
#ifndef ICECAT_EXPORT_H
#define ICECAT_EXPORT_H

/** Marks a function of the stable interface. Define ICECAT_STATIC when linking libicecat.a. */
#ifndef ICECAT_API
#if defined(__GNUC__) && !defined(ICECAT_STATIC)
#define ICECAT_API __attribute__((visibility("default")))
#else
#define ICECAT_API
#endif
#endif

/** Marks a function that may still change in a minor release. */
#ifndef ICECAT_EXPERIMENTAL
#define ICECAT_EXPERIMENTAL ICECAT_API
#endif

#endif
