/*
 * main.c - the smallest program that uses an installed libicecat; also compiled as C++.
 */
#include <icecat/icecat.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    icecat_image_info info;
    icecat_error err;

    memset(&info, 0, sizeof(info));
    info.struct_size = sizeof(info);
    if (icecat_image_probe("GIF89a", 6, NULL, &info, &err) != ICECAT_E_IMAGE_FORMAT)
        return 1;
    printf("libicecat %s: %s\n", icecat_version_string(), err.message);
    return icecat_version_number() == ICECAT_VERSION_NUMBER ? 0 : 1;
}
