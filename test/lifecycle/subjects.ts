/** The resources that pass the generic lifecycle test: a new one is one more line. */
import { baikalSubjects } from "./baikal.js";
import { hankoSubjects } from "./hanko.js";
import { keylessSubjects } from "./keyless.js";
import { keyriSubjects } from "./keyri.js";
import type { Subject } from "./subject.js";

export const subjects: readonly Subject[] = [...keyriSubjects, ...keylessSubjects, ...hankoSubjects, ...baikalSubjects];
