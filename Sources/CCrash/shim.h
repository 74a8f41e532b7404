#pragma once
#define _GNU_SOURCE
#include "record.h"
#include "line.h"
#include "handler.h"
