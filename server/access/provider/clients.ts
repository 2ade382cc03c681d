/** The programs that may ask for a sign-in. All are this product's own, so there is no consent to give; nobody registers others. */
import type { ClientMetadata } from 'oidc-provider';

export const DESKTOP_CLIENT = 'ap-intake-station';
export const WEB_CLIENT = 'ap-intake-web';
/** Tokens are for this, and are refused everywhere else. */
export const audienceOf = (origin: string): string => `${origin}/api`;
export const API_SCOPE = 'api';
export const WEB_CALLBACK = '/session/callback';

/** A service of a site: it has a key in place of a password, and no page to be sent to. */
export const serviceClient = (id: string, name: string, publicKey: string): ClientMetadata => ({
  client_id: id,
  client_name: name,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'EdDSA',
  id_token_signed_response_alg: 'ES256',
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: publicKey, use: 'sig' }] },
});

export function clientsOf(origin: string, webSecret: string): ClientMetadata[] {
  return [
    {
      client_id: DESKTOP_CLIENT,
      client_name: 'AP Intake Station',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      // RFC 8252, 7.3: the port of the loopback interface is chosen at the time of the request and not compared.
      redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
    },
    {
      client_id: WEB_CLIENT,
      client_name: 'AP Intake Station',
      application_type: 'web',
      client_secret: webSecret,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [`${origin}${WEB_CALLBACK}`],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
  ];
}
