# The eye of icecat-local: which labels does a picture show? A library of its own, so that tests can
# ask it without a server. ICECAT_EYE: auto takes OpenCV when it is there, opencv insists, none goes without.
add_library(icecat_eye STATIC eye.c eye_labels.c)
target_include_directories(icecat_eye PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat_eye PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_eye PRIVATE icecat_flags icecat_local_base PkgConfig::CJSON)

set(ICECAT_CASCADES "" CACHE PATH "Folder with OpenCV's haarcascades and lbpcascades; empty: look for it")
set(ICECAT_EYE_IS "none")

# Libraries one by one: Debian's OpenCVConfig.cmake comes only with all of OpenCV's modules, 200 packages of them.
if(NOT ICECAT_EYE STREQUAL "none")
  find_path(OPENCV_INCLUDE opencv2/objdetect.hpp PATH_SUFFIXES opencv4)
  foreach(module core imgproc imgcodecs objdetect dnn)
    find_library(OPENCV_${module} opencv_${module})
    mark_as_advanced(OPENCV_${module})
  endforeach()
  mark_as_advanced(OPENCV_INCLUDE)
  find_path(icecat_cascades haarcascades/haarcascade_frontalcatface.xml NO_CACHE
            HINTS ${ICECAT_CASCADES}
            PATHS /usr/share/opencv4 /usr/local/share/opencv4 /opt/homebrew/share/opencv4 /usr/share/opencv)
  if(CMAKE_CXX_COMPILER AND OPENCV_INCLUDE AND OPENCV_core AND OPENCV_imgproc AND OPENCV_imgcodecs
     AND OPENCV_objdetect AND icecat_cascades)
    set(ICECAT_EYE_IS "opencv")
  elseif(ICECAT_EYE STREQUAL "opencv")
    message(FATAL_ERROR "ICECAT_EYE=opencv needs a C++ compiler (${CMAKE_CXX_COMPILER}), OpenCV 4 "
                        "(${OPENCV_objdetect} ${OPENCV_imgcodecs}) and its cat-face cascades (${icecat_cascades}). "
                        "Debian: g++ libopencv-objdetect-dev libopencv-imgcodecs-dev libopencv-dnn-dev "
                        "opencv-data. ICECAT_CASCADES names another folder of cascades.")
  endif()
endif()

if(ICECAT_EYE_IS STREQUAL "opencv")
  target_sources(icecat_eye PRIVATE eye_cascade.cc eye_pixels.cc)
  target_compile_features(icecat_eye PRIVATE cxx_std_14)
  target_compile_definitions(icecat_eye PRIVATE ICECAT_HAAR_DIR="${icecat_cascades}/haarcascades"
                             ICECAT_LBP_DIR="${icecat_cascades}/lbpcascades")
  target_include_directories(icecat_eye SYSTEM PRIVATE ${OPENCV_INCLUDE})
  target_link_libraries(icecat_eye PRIVATE ${OPENCV_objdetect} ${OPENCV_imgcodecs} ${OPENCV_imgproc} ${OPENCV_core})
  if(OPENCV_dnn)
    target_sources(icecat_eye PRIVATE eye_model.cc)
    target_link_libraries(icecat_eye PRIVATE ${OPENCV_dnn})
  else()
    target_sources(icecat_eye PRIVATE eye_model_none.c)
  endif()
else()
  target_sources(icecat_eye PRIVATE eye_none.c eye_model_none.c)
endif()
message(STATUS "icecat-local: the eye is ${ICECAT_EYE_IS}")
