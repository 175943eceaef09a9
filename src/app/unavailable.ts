/** For those who may not ask the store themselves. */
export { unavailableDatabase } from '../store/unavailable.ts';
