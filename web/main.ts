import {startLanguage} from './i18n/i18n';
import {startTheme} from './shell/theme';

startTheme();
void startLanguage().then(() => import('./shell/app'));
