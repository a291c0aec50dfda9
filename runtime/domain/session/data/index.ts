import type { CalendarData } from '../calendarData';
import { DAYS_2020 } from './2020';
import { DAYS_2021 } from './2021';
import { DAYS_2022 } from './2022';
import { DAYS_2023 } from './2023';
import { DAYS_2024 } from './2024';
import { DAYS_2025 } from './2025';
import { DAYS_2026 } from './2026';
import { HOURS } from './hours';

/** What comes with the package; a year's page says where it is from and what is not sure. Later years are added here, or by the user's file before that. */
export const BUNDLED_CALENDAR: CalendarData = {
  years: [2020, 2021, 2022, 2023, 2024, 2025, 2026],
  days: [...DAYS_2020, ...DAYS_2021, ...DAYS_2022, ...DAYS_2023, ...DAYS_2024, ...DAYS_2025, ...DAYS_2026],
  hours: HOURS,
};
