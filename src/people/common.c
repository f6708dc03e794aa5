/* SPDX-License-Identifier: Apache-2.0 */
#include "people/common.h"

#include <stdlib.h>
#include <string.h>

enum { DISTINCT_MIN = 3 };

/* In the order of strcmp(), for the search. Beside each, names that sound so. */
static const char *const sounds[] = {
    "ABD", /* abdul */
    "ABDHMD", /* abdulhamid */
    "ABDKRM", /* abdulkarim */
    "ABDL", /* abdullah */
    "ABDRHMN", /* abdulrahman */
    "ABDSS", /* abdulaziz */
    "ABRHM", /* ibrahim */
    "ADL", /* adil */
    "AHMD", /* ahmad */
    "AHN", /* john */
    "AKS", /* alexei */
    "AKSNDR", /* alexander */
    "ALG", /* olga */
    "ALKS", /* alexei */
    "ALKSNDR", /* alexander */
    "ALMS", /* yilmaz */
    "ALN", /* elena */
    "AML", /* jamal */
    "AMR", /* amir, omar */
    "AMS", /* james */
    "ANDR", /* andrei */
    "ANS", /* jones */
    "ANTN", /* antonio */
    "ARN", /* irina */
    "ASF", /* joseph, yusuf */
    "ASML", /* ismail */
    "ASS", /* aziz */
    "AVN", /* ivan */
    "AVNV", /* ivanov */
    "BGM", /* begum */
    "BLL", /* bilal */
    "BRN", /* brown */
    "BRVN", /* brown */
    "DMR", /* demir */
    "DMTR", /* dmitri */
    "DNL", /* daniel */
    "DVD", /* david */
    "FHD", /* fahd */
    "FRNNDS", /* fernandez */
    "FRNSS", /* francisco */
    "FRNSSK", /* francisco */
    "FSL", /* faisal */
    "FTM", /* fatima */
    "GLM", /* ghulam */
    "GNSLS", /* gonzalez */
    "GRG", /* george */
    "GRS", /* garcia */
    "HKM", /* hakim */
    "HLD", /* khalid */
    "HMD", /* hamid */
    "HMS", /* hamza */
    "HNG", /* huang */
    "HRLS", /* charles */
    "HRNNDS", /* hernandez */
    "HSN", /* hassan, hussein */
    "JHN", /* john */
    "JML", /* jamal */
    "JMS", /* james */
    "JNS", /* jones */
    "JSF", /* joseph */
    "KML", /* kamal */
    "KMR", /* kumar */
    "KRLS", /* carlos */
    "KRM", /* karim */
    "KSNSV", /* kuznetsov */
    "LPS", /* lopez */
    "MGL", /* miguel */
    "MHD", /* mohd */
    "MHL", /* michael, mikhail */
    "MHMD", /* mahmud, muhammad */
    "MHMT", /* mehmet */
    "MLK", /* malik */
    "MLV", /* maulavi */
    "MNL", /* manuel */
    "MNSR", /* mansur */
    "MRK", /* mark */
    "MRTN", /* martin */
    "MRTNS", /* martinez */
    "MSL", /* michael */
    "MSTF", /* mustafa */
    "NBL", /* nabil */
    "NGN", /* nguyen */
    "NKL", /* nikolai */
    "NSR", /* nasir */
    "NTL", /* natalia */
    "PDR", /* pedro */
    "PPV", /* popov */
    "PRS", /* perez */
    "PTL", /* patel */
    "PTR", /* peter */
    "PTRV", /* petrov */
    "PVL", /* pavel */
    "RBRT", /* robert */
    "RDRGS", /* rodriguez */
    "RHM", /* rahim */
    "RHMN", /* rahman */
    "RHRD", /* richard */
    "RMRS", /* ramirez */
    "RSD", /* rashid */
    "RSRD", /* richard */
    "SLM", /* salim */
    "SLTN", /* sultan */
    "SLV", /* silva */
    "SMRNV", /* smirnov */
    "SMS", /* smith, thomas */
    "SMT", /* smith */
    "SNG", /* singh, zhang */
    "SNHS", /* sanchez */
    "SNSS", /* sanchez */
    "SNTS", /* santos */
    "SRG", /* sergei */
    "SRLS", /* carlos, charles */
    "SRM", /* sharma */
    "TMS", /* thomas */
    "TRK", /* tariq */
    "TRN", /* tran */
    "TRS", /* torres */
    "VLD", /* walid */
    "VLDMR", /* vladimir */
    "VLM", /* william */
    "VNG", /* wang */
};

static int by_text(const void *sound, const void *slot)
{
    return strcmp(sound, *(const char *const *)slot);
}

bool people_is_frequent_sound(const char *sound)
{
    return bsearch(sound, sounds, sizeof sounds / sizeof *sounds, sizeof *sounds, by_text) != NULL;
}

bool people_is_common_sound(const char *sound)
{
    return strlen(sound) < DISTINCT_MIN || people_is_frequent_sound(sound);
}
