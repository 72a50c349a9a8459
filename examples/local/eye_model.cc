/*
 * eye_model.cc - any ONNX image classifier as the eye, through OpenCV's dnn module.
 *
 * The user brings the model and the list of its classes; nothing about either is built in. A line of
 * the list is a name, or `name|Parent,Parent`. Classes of one parent exclude each other, so the
 * parent's confidence is their sum: `tabby|Cat` and `siamese|Cat` together say how sure Cat is.
 *
 * The picture is brought to the form that ImageNet classifiers are trained on: shorter side 256, the
 * middle 224 x 224, RGB, ImageNet's mean and deviation. A model that wants another form is refused by
 * dnn when it runs.
 */
#include "eye_parts.h"
#include "eye_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <string>
#include <vector>

namespace
{

const size_t classes_max_bytes = 4u * 1024u * 1024u;
const int decode_side = 1024;
const int shorter_side = 256;
const int input_side = 224;
const size_t top_classes = 10;
const double least_share = 0.01; /* a class below one percent is not reported */

struct class_line {
    std::string name;
    std::vector<std::string> parents;
};

std::string trimmed(const std::string &text)
{
    const char *blank = " \t\r";
    size_t first = text.find_first_not_of(blank);

    return first == std::string::npos
               ? std::string()
               : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::string> split(const std::string &text, char at)
{
    std::vector<std::string> parts;
    size_t from = 0;

    for (;;) {
        size_t to = text.find(at, from);
        parts.push_back(trimmed(text.substr(from, to == std::string::npos ? to : to - from)));
        if (to == std::string::npos)
            return parts;
        from = to + 1;
    }
}

bool fits(const std::string &name)
{
    return !name.empty() && name.size() < EYE_NAME_SIZE;
}

bool parse_class(const std::string &line, class_line &out)
{
    std::vector<std::string> halves = split(line, '|');

    out.name = halves[0];
    if (!fits(out.name) || halves.size() > 2)
        return false;
    if (halves.size() == 2)
        out.parents = split(halves[1], ',');
    return out.parents.size() <= EYE_PARENTS_MAX &&
           std::all_of(out.parents.begin(), out.parents.end(), fits);
}

} // namespace

struct eye_model {
    cv::dnn::Net net;
    std::vector<class_line> classes;
};

static eye_status read_classes(const char *path, std::vector<class_line> &out,
                               char why[EYE_WHY_SIZE])
{
    char *raw = nullptr;
    eye_status status = eye_read_text(path, classes_max_bytes, &raw, why);

    if (status != EYE_OK)
        return status;
    std::unique_ptr<char, decltype(&std::free)> owned(raw, &std::free);
    std::vector<std::string> lines = split(raw, '\n');
    while (!lines.empty() && lines.back().empty())
        lines.pop_back();
    for (size_t i = 0; i < lines.size(); i++) {
        class_line parsed;
        if (!parse_class(lines[i], parsed)) {
            (void)std::snprintf(why, EYE_WHY_SIZE,
                                "%.120s: line %zu is not a name of 1 to %d bytes, or "
                                "name|Parent,Parent",
                                path, i + 1, EYE_NAME_SIZE - 1);
            return EYE_FAILED;
        }
        out.push_back(parsed);
    }
    return EYE_OK;
}

/* 1 x 3 x 224 x 224, as ImageNet classifiers expect it. */
static cv::Mat network_input(const cv::Mat &picture)
{
    static const cv::Scalar mean(0.485 * 255, 0.456 * 255, 0.406 * 255);
    static const double deviation[] = { 0.229, 0.224, 0.225 };
    double scale = static_cast<double>(shorter_side) / std::min(picture.cols, picture.rows);
    cv::Mat fitted = eye_pixels::fit(
        picture, cv::Size(cvRound(picture.cols * scale), cvRound(picture.rows * scale)));
    cv::Mat square = eye_pixels::cut(fitted, fitted.cols / 2.0, fitted.rows / 2.0, input_side);
    cv::Mat blob = cv::dnn::blobFromImage(square, 1.0 / 255, cv::Size(input_side, input_side), mean,
                                          true, false);
    for (int channel = 0; channel < 3; channel++) {
        cv::Mat plane(input_side, input_side, CV_32F, blob.ptr<float>(0, channel));
        plane /= deviation[channel];
    }
    return blob;
}

/* Scores become shares of one; a model that ends in softmax already gives those. */
static std::vector<double> shares_of(const cv::Mat &scores)
{
    const float *first = scores.ptr<float>();
    std::vector<double> shares(first, first + scores.total());
    double most = *std::max_element(shares.begin(), shares.end());
    double least = *std::min_element(shares.begin(), shares.end());
    double sum = 0;

    for (double share : shares)
        sum += share;
    if (least >= 0 && std::fabs(sum - 1) < 1e-3)
        return shares;
    sum = 0;
    for (double &share : shares) {
        share = std::exp(share - most);
        sum += share;
    }
    for (double &share : shares)
        share /= sum;
    return shares;
}

static void report(const std::vector<class_line> &classes, const std::vector<double> &shares,
                   eye_labels *out)
{
    std::vector<size_t> order(shares.size());

    for (size_t i = 0; i < order.size(); i++)
        order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return shares[a] > shares[b]; });
    for (size_t rank = 0; rank < order.size() && rank < top_classes; rank++) {
        const class_line &seen = classes[order[rank]];
        double share = shares[order[rank]];

        if (share < least_share)
            break;
        eye_label *label = eye_labels_add(out, seen.name.c_str(), 100 * share);
        for (const std::string &parent : seen.parents) {
            if (label != nullptr)
                eye_label_add_parent(label, parent.c_str());
        }
        for (const std::string &parent : seen.parents) {
            eye_label *sum = eye_labels_add(out, parent.c_str(), 0);
            if (sum != nullptr)
                sum->confidence = std::min(100.0, sum->confidence + 100 * share);
        }
    }
}

extern "C" eye_status eye_model_open(const char *model_file, const char *classes_file,
                                     eye_model **out, char why[EYE_WHY_SIZE])
{
    *out = nullptr;
    try {
        cv::setNumThreads(1);
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        std::unique_ptr<eye_model> self(new eye_model);
        eye_status status = read_classes(classes_file, self->classes, why);
        if (status != EYE_OK)
            return status;
        self->net = cv::dnn::readNetFromONNX(model_file);
        *out = self.release();
        return EYE_OK;
    } catch (const std::exception &) {
        (void)std::snprintf(why, EYE_WHY_SIZE,
                            "%.140s: is not an ONNX model that OpenCV %s can read", model_file,
                            CV_VERSION);
        return EYE_FAILED;
    }
}

extern "C" void eye_model_close(eye_model *self)
{
    delete self;
}

extern "C" eye_status eye_model_look(eye_model *self, const eye_image *image, eye_labels *out,
                                     char why[EYE_WHY_SIZE])
{
    try {
        cv::Mat picture = eye_pixels::decode(*image, eye_pixels::colour::bgr, decode_side);
        if (picture.empty()) {
            (void)std::snprintf(why, EYE_WHY_SIZE, "the picture cannot be decoded");
            return EYE_BAD_IMAGE;
        }
        self->net.setInput(network_input(picture));
        cv::Mat scores = self->net.forward();
        if (scores.depth() != CV_32F || !scores.isContinuous() ||
            scores.total() != self->classes.size()) {
            (void)std::snprintf(why, EYE_WHY_SIZE,
                                "the model gives %zu scores, but the list names %zu classes",
                                scores.total(), self->classes.size());
            return EYE_FAILED;
        }
        report(self->classes, shares_of(scores), out);
        return EYE_OK;
    } catch (const std::exception &fault) {
        (void)std::snprintf(why, EYE_WHY_SIZE, "the model failed: %.200s", fault.what());
        return EYE_FAILED;
    }
}
