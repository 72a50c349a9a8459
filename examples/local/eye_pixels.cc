/*
 * eye_pixels.cc - decode, turn upright, cut and scale.
 */
#include "eye_pixels.h"

#include <algorithm>
#include <climits>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace eye_pixels
{

static const unsigned exif_orientations = 8;

static bool is_jpeg(const eye_image &image)
{
    return image.len >= 2 && image.data[0] == 0xff && image.data[1] == 0xd8;
}

/*
 * libjpeg can decode at 1/2, 1/4 and 1/8 of the size for a fraction of the time and the memory.
 * Twice the wanted side is kept, so that the last step down is a clean average.
 */
static int decode_flags(const eye_image &image, colour wanted, int side)
{
    static const int grey[] = { cv::IMREAD_GRAYSCALE, cv::IMREAD_REDUCED_GRAYSCALE_2,
                                cv::IMREAD_REDUCED_GRAYSCALE_4, cv::IMREAD_REDUCED_GRAYSCALE_8 };
    static const int bgr[] = { cv::IMREAD_COLOR, cv::IMREAD_REDUCED_COLOR_2,
                               cv::IMREAD_REDUCED_COLOR_4, cv::IMREAD_REDUCED_COLOR_8 };
    unsigned longest = std::max(image.width_px, image.height_px);
    int step = 0;

    while (is_jpeg(image) && step < 3 &&
           (longest >> (step + 1)) >= 2u * static_cast<unsigned>(side))
        step++;
    return (wanted == colour::grey ? grey : bgr)[step] | cv::IMREAD_IGNORE_ORIENTATION;
}

/* The eight EXIF orientations: 5 to 8 swap the axes, then each mirrors or not. */
static void turn_upright(cv::Mat &picture, unsigned orientation)
{
    static const int none = 2;
    static const int mirror[exif_orientations + 1] = { none, none, 1, -1, 0, none, 1, -1, 0 };

    if (orientation > exif_orientations)
        return;
    if (orientation >= 5)
        cv::transpose(picture, picture);
    if (mirror[orientation] != none)
        cv::flip(picture, picture, mirror[orientation]);
}

cv::Mat fit(const cv::Mat &picture, cv::Size size)
{
    cv::Mat fitted;
    bool smaller = size.width < picture.cols;

    if (size == picture.size())
        return picture;
    cv::resize(picture, fitted, size, 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
    return fitted;
}

cv::Mat decode(const eye_image &image, colour wanted, int side)
{
    cv::Mat picture;

    if (image.len == 0 || image.len > INT_MAX)
        return picture;
    /* imdecode() takes a Mat it does not write to, but has no const type for it. */
    const cv::Mat bytes(1, static_cast<int>(image.len), CV_8UC1,
                        const_cast<unsigned char *>(image.data));
    picture = cv::imdecode(bytes, decode_flags(image, wanted, side));
    if (picture.empty())
        return picture;
    if (is_jpeg(image))
        turn_upright(picture, image.orientation);

    int longest = std::max(picture.cols, picture.rows);
    if (longest > side) {
        double scale = static_cast<double>(side) / longest;
        picture = fit(picture, cv::Size(std::max(1, cvRound(picture.cols * scale)),
                                        std::max(1, cvRound(picture.rows * scale))));
    }
    return picture;
}

cv::Mat cut(const cv::Mat &picture, double x, double y, double side)
{
    cv::Rect wanted(cvRound(x - side / 2), cvRound(y - side / 2), cvRound(side), cvRound(side));
    cv::Rect inside = wanted & cv::Rect(0, 0, picture.cols, picture.rows);
    cv::Mat square;

    if (inside.empty())
        return square;
    cv::copyMakeBorder(picture(inside), square, inside.y - wanted.y, wanted.br().y - inside.br().y,
                       inside.x - wanted.x, wanted.br().x - inside.br().x,
                       cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
    return square;
}

} // namespace eye_pixels
