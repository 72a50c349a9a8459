/*
 * eye_cascade.cc - find cats' faces with the cascades that come with OpenCV.
 *
 * One cascade alone is a poor witness: it fires on flowers and misses cats. So this works in two
 * steps. Propose: three cascades scan the picture at two sizes, and every box is a place worth a
 * look. Verify: at such a place the face is cut out, brought to 3 sizes and 5 small tilts, and each
 * of the 3 cascades looks at each: 45 looks. Those that find a face right there are the votes.
 *
 * The confidence is a monotone function of the votes and of nothing else. It is NOT a probability.
 * How it was chosen, and on how little data: docs/decisions/local-eye.md.
 */
#include "eye_parts.h"
#include "eye_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <string>
#include <vector>

namespace
{

const char *const cascade_files[] = { ICECAT_HAAR_DIR "/haarcascade_frontalcatface.xml",
                                      ICECAT_HAAR_DIR "/haarcascade_frontalcatface_extended.xml",
                                      ICECAT_LBP_DIR "/lbpcascade_frontalcatface.xml" };
const size_t cascade_count = sizeof(cascade_files) / sizeof(cascade_files[0]);

const int work_side = 960; /* the picture is brought to this first */

/* One scan: the longest side, the step between face sizes, and room for faces at the edge. */
struct scan_plan {
    int side;
    double step;
    double margin;
};
const scan_plan scans[] = { { 160, 1.1, 0.10 }, { 400, 1.2, 0.02 } };
const double least_face = 0.08; /* of the longest side; smaller ones are mostly noise */
const size_t places_max = 4;    /* bounds the time that a busy picture costs */

const int verify_faces[] = { 48, 40, 60 };                   /* side of the face in a look */
const double verify_tilts[] = { 0.0, -3.0, 3.0, -6.0, 6.0 }; /* degrees */
const double verify_room = 1.8;                              /* side of a look, in faces */
const int looks = 45;
const int hopeless = 3; /* votes after the first face size; such a place is not worth the rest */
const int least_votes = 15;

const double same_place = 0.25; /* centres nearer than this part of the face */
const double same_size = 1.6;

struct place {
    double x, y, side; /* centre and side, pixels of the picture */
};

struct candidate {
    place where;
    int votes;
};

double longest_side(const cv::Mat &picture)
{
    return std::max(picture.cols, picture.rows);
}

bool agree(const place &a, const place &b)
{
    double ratio = a.side > b.side ? a.side / b.side : b.side / a.side;
    double reach = same_place * a.side;

    return std::fabs(a.x - b.x) < reach && std::fabs(a.y - b.y) < reach && ratio < same_size;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

place middle(const std::vector<place> &places)
{
    std::vector<double> x, y, side;

    for (const place &p : places) {
        x.push_back(p.x);
        y.push_back(p.y);
        side.push_back(p.side);
    }
    return place{ median(x), median(y), median(side) };
}

std::vector<place> agreeing(const std::vector<place> &hits, const place &with)
{
    std::vector<place> found;

    for (const place &hit : hits) {
        if (agree(with, hit))
            found.push_back(hit);
    }
    return found;
}

/* The largest group of hits that agree, then the largest of the rest, and so on. */
std::vector<candidate> group(std::vector<place> hits)
{
    std::vector<candidate> groups;

    while (!hits.empty() && groups.size() < places_max) {
        place seed = hits[0];
        std::vector<place> best;

        for (const place &hit : hits) {
            std::vector<place> near = agreeing(hits, hit);
            if (near.size() > best.size()) {
                best = near;
                seed = hit;
            }
        }
        groups.push_back(candidate{ middle(best), 0 });
        hits.erase(std::remove_if(hits.begin(), hits.end(),
                                  [&](const place &hit) { return agree(seed, hit); }),
                   hits.end());
    }
    return groups;
}

/*
 * What is told to the user. Half of the looks and one more give 75, the least that the pipeline asks
 * for by default; a third gives 66; all of them 99.9.
 */
double confidence_of(int votes)
{
    return 50.0 + 49.9 * votes / looks;
}

cv::Mat tilted(const cv::Mat &picture, double degrees)
{
    cv::Point2f centre(static_cast<float>(picture.cols) / 2, static_cast<float>(picture.rows) / 2);
    cv::Mat turned;

    cv::warpAffine(picture, turned, cv::getRotationMatrix2D(centre, degrees, 1), picture.size(),
                   cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return turned;
}

} // namespace

struct eye_cascade {
    cv::CascadeClassifier cascades[cascade_count];

    void scan(const cv::Mat &picture, const scan_plan &plan, std::vector<place> &hits);
    std::vector<candidate> propose(const cv::Mat &picture);
    void look_at_size(const cv::Mat &square, int face, std::vector<place> &found);
    void verify(const cv::Mat &picture, candidate &at);
    std::vector<candidate> faces(const cv::Mat &picture);
};

void eye_cascade::scan(const cv::Mat &picture, const scan_plan &plan, std::vector<place> &hits)
{
    double scale = plan.side / longest_side(picture);
    int margin = cvRound(plan.side * plan.margin);
    int least = cvRound(plan.side * least_face);
    cv::Mat padded;

    cv::copyMakeBorder(
        eye_pixels::fit(picture, cv::Size(std::max(1, cvRound(picture.cols * scale)),
                                          std::max(1, cvRound(picture.rows * scale)))),
        padded, margin, margin, margin, margin, cv::BORDER_REPLICATE);
    for (cv::CascadeClassifier &cascade : cascades) {
        std::vector<cv::Rect> boxes;

        cascade.detectMultiScale(padded, boxes, plan.step, 1, 0, cv::Size(least, least));
        for (const cv::Rect &box : boxes)
            hits.push_back(place{ (box.x + box.width / 2.0 - margin) / scale,
                                  (box.y + box.height / 2.0 - margin) / scale, box.width / scale });
    }
}

std::vector<candidate> eye_cascade::propose(const cv::Mat &picture)
{
    std::vector<place> hits;

    for (const scan_plan &plan : scans)
        scan(picture, plan, hits);
    return group(hits);
}

void eye_cascade::look_at_size(const cv::Mat &square, int face, std::vector<place> &found)
{
    double middle_of = square.cols / 2.0;
    place centre{ middle_of, middle_of, static_cast<double>(face) };
    cv::Size least(face * 7 / 10, face * 7 / 10);
    cv::Size most(face * 14 / 10, face * 14 / 10);

    for (double tilt : verify_tilts) {
        cv::Mat look = tilt < 0 || tilt > 0 ? tilted(square, tilt) : square;

        for (cv::CascadeClassifier &cascade : cascades) {
            std::vector<cv::Rect> boxes;

            cascade.detectMultiScale(look, boxes, 1.1, 1, 0, least, most);
            for (const cv::Rect &box : boxes) {
                place hit{ box.x + box.width / 2.0, box.y + box.height / 2.0,
                           static_cast<double>(box.width) };
                if (agree(centre, hit)) {
                    found.push_back(hit);
                    break;
                }
            }
        }
    }
}

/* Count the votes, and move the place to the middle of what they saw. */
void eye_cascade::verify(const cv::Mat &picture, candidate &at)
{
    const place from = at.where;
    cv::Mat square = eye_pixels::cut(picture, from.x, from.y, from.side * verify_room);
    std::vector<place> seen;

    at.votes = 0;
    if (square.empty())
        return;
    for (int face : verify_faces) {
        int side = cvRound(face * verify_room);
        double scale = face / from.side;
        std::vector<place> found;

        if (face != verify_faces[0] && at.votes <= hopeless)
            break;
        look_at_size(eye_pixels::fit(square, cv::Size(side, side)), face, found);
        at.votes += static_cast<int>(found.size());
        for (const place &hit : found)
            seen.push_back(place{ from.x + (hit.x - side / 2.0) / scale,
                                  from.y + (hit.y - side / 2.0) / scale, hit.side / scale });
    }
    if (!seen.empty())
        at.where = middle(seen);
}

/* The cats' faces, each once. */
std::vector<candidate> eye_cascade::faces(const cv::Mat &picture)
{
    std::vector<candidate> all = propose(picture);
    std::vector<candidate> kept;

    for (candidate &at : all)
        verify(picture, at);
    std::sort(all.begin(), all.end(),
              [](const candidate &a, const candidate &b) { return a.votes > b.votes; });
    for (const candidate &at : all) {
        bool known = std::any_of(kept.begin(), kept.end(), [&](const candidate &other) {
            double reach = std::max(at.where.side, other.where.side) / 2;
            return std::fabs(at.where.x - other.where.x) < reach &&
                   std::fabs(at.where.y - other.where.y) < reach;
        });
        if (at.votes >= least_votes && !known)
            kept.push_back(at);
    }
    return kept;
}

static eye_box box_of(const candidate &face, const cv::Mat &picture)
{
    double left = std::max(0.0, face.where.x - face.where.side / 2);
    double top = std::max(0.0, face.where.y - face.where.side / 2);
    double right = std::min<double>(picture.cols, face.where.x + face.where.side / 2);
    double bottom = std::min<double>(picture.rows, face.where.y + face.where.side / 2);

    return eye_box{ left / picture.cols, top / picture.rows, (right - left) / picture.cols,
                    (bottom - top) / picture.rows, confidence_of(face.votes) };
}

/* A cat is a pet, a mammal and an animal; nothing else is claimed. */
static void report(const std::vector<candidate> &faces, const cv::Mat &picture, eye_labels *out)
{
    static const char *const kinds[] = { "Cat", "Animal", "Mammal", "Pet" };
    static const size_t ancestors[] = { 3, 0, 1, 1 }; /* of a mammal: the animal, and so on */

    if (faces.empty())
        return;
    for (size_t i = 0; i < 4; i++) {
        eye_label *label = eye_labels_add(out, kinds[i], confidence_of(faces[0].votes));
        (void)std::snprintf(label->category, sizeof(label->category), "Animals and Pets");
        for (size_t parent = 1; parent <= ancestors[i]; parent++)
            eye_label_add_parent(label, kinds[parent]);
    }
    for (const candidate &face : faces) {
        if (out->items[0].box_count < EYE_BOXES_MAX)
            out->items[0].boxes[out->items[0].box_count++] = box_of(face, picture);
    }
}

extern "C" const char *eye_cascade_name(void)
{
    return "cascades";
}

extern "C" eye_status eye_cascade_open(eye_cascade **out, char why[EYE_WHY_SIZE])
{
    *out = nullptr;
    try {
        cv::setNumThreads(1);
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        std::unique_ptr<eye_cascade> self(new eye_cascade);
        for (size_t i = 0; i < cascade_count; i++) {
            if (!self->cascades[i].load(cascade_files[i])) {
                (void)std::snprintf(why, EYE_WHY_SIZE,
                                    "%.160s: cannot be loaded; it comes with OpenCV's data "
                                    "(Debian: opencv-data)",
                                    cascade_files[i]);
                return EYE_FAILED;
            }
        }
        *out = self.release();
        return EYE_OK;
    } catch (const std::exception &fault) {
        (void)std::snprintf(why, EYE_WHY_SIZE, "the cascades cannot be loaded: %.180s",
                            fault.what());
        return EYE_FAILED;
    }
}

extern "C" void eye_cascade_close(eye_cascade *self)
{
    delete self;
}

extern "C" eye_status eye_cascade_look(eye_cascade *self, const eye_image *image, eye_labels *out,
                                       char why[EYE_WHY_SIZE])
{
    try {
        cv::Mat picture = eye_pixels::decode(*image, eye_pixels::colour::grey, work_side);
        if (picture.empty()) {
            (void)std::snprintf(why, EYE_WHY_SIZE, "the picture cannot be decoded");
            return EYE_BAD_IMAGE;
        }
        report(self->faces(picture), picture, out);
        return EYE_OK;
    } catch (const std::exception &fault) {
        (void)std::snprintf(why, EYE_WHY_SIZE, "the detector failed: %.200s", fault.what());
        return EYE_FAILED;
    }
}
