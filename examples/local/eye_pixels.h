/*
 * eye_pixels.h - bytes of a checked JPEG or PNG to an upright picture. C++, for eye_*.cc only.
 */
#ifndef ICECAT_LOCAL_EYE_PIXELS_H
#define ICECAT_LOCAL_EYE_PIXELS_H

#include "eye.h"

#include <opencv2/core.hpp>

namespace eye_pixels
{

enum class colour { grey, bgr };

/* At most `side` pixels wide and high; empty when the bytes cannot be decoded. */
cv::Mat decode(const eye_image &image, colour wanted, int side);

/* The square of `side` pixels around (x, y); beyond the picture its edge is repeated. */
cv::Mat cut(const cv::Mat &picture, double x, double y, double side);

/* Make the picture exactly this large. */
cv::Mat fit(const cv::Mat &picture, cv::Size size);

} // namespace eye_pixels

#endif
