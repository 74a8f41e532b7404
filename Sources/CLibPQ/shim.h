#pragma once
#define _GNU_SOURCE
#include <libpq-fe.h>
