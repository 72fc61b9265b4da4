import {html, type TemplateResult} from 'lit';

import {kDeskWords} from '../i18n/desk/words';
import type {Key} from '../i18n/en';
import {useWords} from '../i18n/i18n';
import {kParcelWords} from '../i18n/parcels/words';
import type {StudyKey} from '../i18n/studies/en';
import {kStudioWords} from '../i18n/studio/words';
import {kStudyWords} from '../i18n/studies/words';
import {kValueWords} from '../i18n/values/words';
import {matchPath, type Place} from '../model/route';

/** Every address of the console and the screen behind it; a screen's code is fetched when it is first visited. */
export interface Route {
  pattern: string;
  title: Key | StudyKey;
  /** The entry of the navigation that is lit. */
  nav: string;
  load: () => Promise<unknown>;
  draw: (place: Place) => TemplateResult;
}

/** Screens that tell of events need what their values are called. */
const told = (screen: () => Promise<unknown>) => () => Promise.all([screen(), useWords(kValueWords)]);
const customers = told(() => import('../features/customers/customers'));
const customer = told(() => import('../features/customers/customer'));
const segments = () => import('../features/segments/segments');
const segment = () => import('../features/segments/segment');
const overview = () => import('../features/overview/overview');
const services = () => import('../features/services/services');
const journey = told(() => import('../features/journey/journey'));
const account = () => import('../features/house/account');
const people = () => import('../features/house/people');
const data = told(() => import('../features/data/data'));
/** Screens whose words are fetched with them. */
const worded = (screen: () => Promise<unknown>) => () => Promise.all([screen(), useWords(kStudyWords)]);
const studies = worded(() => import('../features/studies/studies'));
const surveys = worded(() => import('../features/surveys/surveys'));
const survey = worded(() => import('../features/surveys/survey'));
const surveyEditor = worded(() => import('../features/surveys/editor'));
const published = worded(() => import('../features/studies/published_study'));
const hypotheses = worded(() => import('../features/hypotheses/hypotheses'));
const hypothesis = worded(() => import('../features/hypotheses/hypothesis'));
const hypothesisForm = worded(() => import('../features/hypotheses/form'));
const servicesMore = worded(() => import('../features/services/more'));
const study = worded(() => import('../features/studies/study'));
/** The studio's words, and what kinds of offers are called. */
const curated = (screen: () => Promise<unknown>) => () => Promise.all([screen(), useWords(kStudioWords), useWords(kValueWords)]);
/** The programme's page holds what recommending takes part in. */
const programme = curated(() => Promise.all([import('../features/programme/programme'), import('../features/studio/contribution')]));
const studio = curated(() => import('../features/studio/studio'));
const scene = curated(() => import('../features/studio/scene'));
const offerEditor = curated(() => import('../features/studio/offer_editor'));
const sceneEditor = curated(() => import('../features/studio/editor'));

/** Feedback and the desk tell of events, too. */
const served = (screen: () => Promise<unknown>) => () => Promise.all([screen(), useWords(kDeskWords), useWords(kValueWords)]);
const feedback = served(() => import('../features/feedback/feedback'));
const desk = served(() => import('../features/desk/desk'));
const ticket = served(() => import('../features/desk/ticket'));
/** Parcels and returns have words of their own beside the desk's. */
const carried = (screen: () => Promise<unknown>) => () => Promise.all([screen(), useWords(kParcelWords), useWords(kDeskWords), useWords(kValueWords)]);
const parcels = carried(() => import('../features/parcels/parcels'));
const parcel = carried(() => import('../features/parcels/parcel'));
const goodsRules = carried(() => import('../features/parcels/rules'));
const returns = carried(() => import('../features/returns/returns'));
const returned = carried(() => import('../features/returns/return'));

export const kRoutes: readonly Route[] = [
  {pattern: '/overview', title: 'nav.overview', nav: 'overview', load: overview,
   draw: (place) => html`<rp-overview .place=${place}></rp-overview>`},
  {pattern: '/customers', title: 'nav.customers', nav: 'customers', load: customers,
   draw: (place) => html`<rp-customers .place=${place}></rp-customers>`},
  {pattern: '/customers/:id', title: 'nav.customer', nav: 'customers', load: customer,
   draw: (place) => html`<rp-customer .place=${place}></rp-customer>`},
  {pattern: '/segments', title: 'nav.segments', nav: 'segments', load: segments,
   draw: (place) => html`<rp-segments .place=${place}></rp-segments>`},
  {pattern: '/segments/:name', title: 'nav.segments', nav: 'segments', load: segment,
   draw: (place) => html`<rp-segment .place=${place}></rp-segment>`},
  {pattern: '/services', title: 'nav.services', nav: 'services', load: services,
   draw: (place) => html`<rp-services .place=${place}></rp-services>`},
  {pattern: '/services/worth', title: 'services.worth', nav: 'services', load: servicesMore,
   draw: (place) => html`<rp-services-more .place=${place}></rp-services-more>`},
  {pattern: '/services/reviews', title: 'services.reviews', nav: 'services', load: servicesMore,
   draw: (place) => html`<rp-services-more .place=${place}></rp-services-more>`},
  {pattern: '/services/packages', title: 'services.packages', nav: 'services', load: servicesMore,
   draw: (place) => html`<rp-services-more .place=${place}></rp-services-more>`},
  {pattern: '/services/:id/profile', title: 'services.profile', nav: 'services', load: servicesMore,
   draw: (place) => html`<rp-services-more .place=${place}></rp-services-more>`},
  {pattern: '/services/:id', title: 'nav.services', nav: 'services', load: services,
   draw: (place) => html`<rp-services .place=${place}></rp-services>`},
  {pattern: '/journey', title: 'nav.journey', nav: 'journey', load: journey,
   draw: (place) => html`<rp-journey .place=${place}></rp-journey>`},
  {pattern: '/desk', title: 'nav.desk', nav: 'desk', load: desk,
   draw: (place) => html`<rp-desk .place=${place}></rp-desk>`},
  {pattern: '/desk/team', title: 'nav.desk', nav: 'desk', load: desk,
   draw: (place) => html`<rp-desk .place=${place}></rp-desk>`},
  {pattern: '/desk/policies', title: 'nav.desk', nav: 'desk', load: desk,
   draw: (place) => html`<rp-desk .place=${place}></rp-desk>`},
  {pattern: '/desk/knowledge', title: 'nav.desk', nav: 'desk', load: desk,
   draw: (place) => html`<rp-desk .place=${place}></rp-desk>`},
  {pattern: '/desk/macros', title: 'nav.desk', nav: 'desk', load: desk,
   draw: (place) => html`<rp-desk .place=${place}></rp-desk>`},
  {pattern: '/desk/:id', title: 'nav.desk', nav: 'desk', load: ticket,
   draw: (place) => html`<rp-ticket .place=${place}></rp-ticket>`},
  {pattern: '/parcels', title: 'nav.parcels', nav: 'parcels', load: parcels,
   draw: (place) => html`<rp-parcels .place=${place}></rp-parcels>`},
  {pattern: '/parcels/policy', title: 'nav.parcels', nav: 'parcels', load: goodsRules,
   draw: (place) => html`<rp-goods-rules .place=${place}></rp-goods-rules>`},
  {pattern: '/parcels/:id', title: 'nav.parcels', nav: 'parcels', load: parcel,
   draw: (place) => html`<rp-parcel .place=${place}></rp-parcel>`},
  {pattern: '/returns', title: 'nav.parcels', nav: 'parcels', load: returns,
   draw: (place) => html`<rp-returns .place=${place}></rp-returns>`},
  {pattern: '/returns/:id', title: 'nav.parcels', nav: 'parcels', load: returned,
   draw: (place) => html`<rp-return .place=${place}></rp-return>`},
  {pattern: '/feedback', title: 'nav.feedback', nav: 'feedback', load: feedback,
   draw: (place) => html`<rp-feedback .place=${place}></rp-feedback>`},
  {pattern: '/feedback/:page', title: 'nav.feedback', nav: 'feedback', load: feedback,
   draw: (place) => html`<rp-feedback .place=${place}></rp-feedback>`},
  {pattern: '/programme', title: 'nav.programme', nav: 'programme', load: programme,
   draw: (place) => html`<rp-programme .place=${place}></rp-programme>`},
  {pattern: '/studio', title: 'nav.studio', nav: 'studio', load: studio,
   draw: (place) => html`<rp-studio .place=${place}></rp-studio>`},
  {pattern: '/studio/:page', title: 'nav.studio', nav: 'studio', load: studio,
   draw: (place) => html`<rp-studio .place=${place}></rp-studio>`},
  {pattern: '/studio/scenes/:id', title: 'nav.studio', nav: 'studio', load: scene,
   draw: (place) => html`<rp-scene .place=${place}></rp-scene>`},
  {pattern: '/studio/scenes/:id/edit', title: 'nav.studio', nav: 'studio', load: sceneEditor,
   draw: (place) => html`<rp-scene-editor .place=${place}></rp-scene-editor>`},
  {pattern: '/studio/catalogue/:kind/:id', title: 'nav.studio', nav: 'studio', load: offerEditor,
   draw: (place) => html`<rp-offer-editor .place=${place}></rp-offer-editor>`},
  {pattern: '/studies', title: 'nav.studies', nav: 'studies', load: studies,
   draw: (place) => html`<rp-studies .place=${place}></rp-studies>`},
  {pattern: '/studies/:page', title: 'nav.studies', nav: 'studies', load: studies,
   draw: (place) => html`<rp-studies .place=${place}></rp-studies>`},
  {pattern: '/studies/run/:method', title: 'nav.studies', nav: 'studies', load: study,
   draw: (place) => html`<rp-study .place=${place}></rp-study>`},
  {pattern: '/studies/published/:id', title: 'nav.studies', nav: 'studies', load: published,
   draw: (place) => html`<rp-published-study .place=${place}></rp-published-study>`},
  {pattern: '/hypotheses', title: 'nav.hypotheses', nav: 'hypotheses', load: hypotheses,
   draw: (place) => html`<rp-hypotheses .place=${place}></rp-hypotheses>`},
  {pattern: '/hypotheses/new', title: 'nav.hypotheses', nav: 'hypotheses', load: hypothesisForm,
   draw: (place) => html`<rp-hypothesis-form .place=${place}></rp-hypothesis-form>`},
  {pattern: '/hypotheses/:id', title: 'nav.hypotheses', nav: 'hypotheses', load: hypothesis,
   draw: (place) => html`<rp-hypothesis .place=${place}></rp-hypothesis>`},
  {pattern: '/surveys', title: 'nav.surveys', nav: 'surveys', load: surveys,
   draw: (place) => html`<rp-surveys .place=${place}></rp-surveys>`},
  {pattern: '/surveys/new', title: 'nav.surveys', nav: 'surveys', load: surveyEditor,
   draw: (place) => html`<rp-survey-editor .place=${place}></rp-survey-editor>`},
  {pattern: '/surveys/:id', title: 'nav.surveys', nav: 'surveys', load: survey,
   draw: (place) => html`<rp-survey .place=${place}></rp-survey>`},
  {pattern: '/surveys/:id/edit', title: 'nav.surveys', nav: 'surveys', load: surveyEditor,
   draw: (place) => html`<rp-survey-editor .place=${place}></rp-survey-editor>`},
  {pattern: '/account', title: 'account.title', nav: '', load: account,
   draw: (place) => html`<rp-account .place=${place}></rp-account>`},
  {pattern: '/people', title: 'nav.people', nav: 'house', load: people,
   draw: (place) => html`<rp-people .place=${place}></rp-people>`},
  {pattern: '/data', title: 'nav.data', nav: 'data', load: data,
   draw: (place) => html`<rp-data .place=${place}></rp-data>`},
  {pattern: '/data/:page', title: 'nav.data', nav: 'data', load: data,
   draw: (place) => html`<rp-data .place=${place}></rp-data>`},
];

export function findRoute(place: {path: string}): {route: Route; params: Record<string, string>} | undefined {
  for (const route of kRoutes) {
    const params = matchPath(route.pattern, place.path);
    if (params) return {route, params};
  }
  return undefined;
}
