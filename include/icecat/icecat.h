/*
 * icecat.h - the whole library: is there a cat in this picture?
 *
 * What holds for every function that does not say otherwise:
 *
 * @param err         Receives the reason of a failure, and is cleared first; may be NULL.
 * @param options     Settings of the call, or NULL for all defaults. Borrowed.
 * @param userdata    Given to the callbacks as it is.
 * @param struct_size sizeof the struct, as the caller was compiled.
 *
 * Structs with a struct_size are set up by their _INIT macro or their _init() function. What is given
 * to a function is borrowed until it returns, and copied where it is needed longer. Nothing is printed,
 * no thread is started, no signal handler is set, and there is no state outside the objects.
 */
#ifndef ICECAT_ICECAT_H
#define ICECAT_ICECAT_H

#include <icecat/cancel.h>
#include <icecat/client.h>
#include <icecat/clock.h>
#include <icecat/credentials.h>
#include <icecat/dynamodb.h>
#include <icecat/error.h>
#include <icecat/export.h>
#include <icecat/image.h>
#include <icecat/inject.h>
#include <icecat/log.h>
#include <icecat/memory.h>
#include <icecat/pipeline.h>
#include <icecat/rekognition.h>
#include <icecat/s3.h>
#include <icecat/settings.h>
#include <icecat/sigv4.h>
#include <icecat/ssm.h>
#include <icecat/version.h>

#endif
