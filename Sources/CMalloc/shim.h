#pragma once
#define _GNU_SOURCE
#include <malloc.h>
