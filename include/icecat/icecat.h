/*
 * icecat.h - the whole library: is there a cat in this picture?
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
