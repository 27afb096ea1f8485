/** How a configuration key is called as an environment variable. A leaf: programs load it too. */

/** `keyri:apiKeyId` -> `KEYRI_API_KEY_ID` */
export function environmentName(namespace: string, key: string): string {
  return `${namespace}_${key.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();
}
