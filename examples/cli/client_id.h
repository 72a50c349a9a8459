/*
 * client_id.h - the name under which this user submits, and the file that keeps it.
 *
 * The file is ./config/client_id as of the Python client, else icecat/client_id in $XDG_STATE_HOME
 * (~/.local/state).
 */
#ifndef CLI_CLIENT_ID_H
#define CLI_CLIENT_ID_H

#include <icecat/error.h>
#include <stddef.h>

#define CLIENT_ID_LEN      72
#define CLIENT_ID_PATH_LEN 1024

/* 1 to 64 of [A-Za-z0-9._-], and no "-debug" at its end. */
int client_id_is_valid(const char *text);

/* The id of the first file that exists, with its path; "" and "" when there is none.
 * ICECAT_E_CONFIG when the file cannot be read, or holds no valid id. */
icecat_status client_id_read(char id[CLIENT_ID_LEN], char path[CLIENT_ID_PATH_LEN],
                             icecat_error *err);

/* A new id, "icecat" and 48 random bits in hex: two in ten thousand users are equal with a chance of
 * one in five million. */
icecat_status client_id_make(char id[CLIENT_ID_LEN], icecat_error *err);

/*
 * Keep @p id: in ./config/client_id when that folder exists, else in the state folder. Another program
 * that is quicker wins: @p id is then set to what its file holds. @p path is set to the file.
 * ICECAT_E_FILE when it cannot be kept.
 */
icecat_status client_id_keep(char id[CLIENT_ID_LEN], char path[CLIENT_ID_PATH_LEN],
                             icecat_error *err);

#endif
