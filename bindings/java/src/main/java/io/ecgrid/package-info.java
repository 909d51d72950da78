/**
 * ECGrid, the EDI network, for Java: log in, stay logged in, call the API.
 *
 * <pre>{@code
 * try (EcgridClient client = EcgridClient.create();
 *         EcgridSession session = client.loginSession("jsmith@example.com", "Sup3r$ecret!");
 *         EcgridResponse me = session.call("GET", "/v2/users/me")) {
 *     System.out.println(me.getString("/email"));
 *     session.logout();
 * } catch (EcgridException failure) {
 *     System.err.println(failure.getMessage() + ": " + failure.outcome());
 * }
 * }</pre>
 *
 * <p>{@link io.ecgrid.EcgridClient} is where to begin, {@link io.ecgrid.EcgridException} tells what went wrong and whether
 * it may have been done all the same. Everything but {@link io.ecgrid.EcgridOptions.Builder} may be used by any number of
 * threads.
 *
 * <p>The work is done by a native library that comes in the jar. It is looked for at the path that the system property
 * {@code ecgrid.library.path} or else the variable {@code ECGRID_LIBRARY_PATH} names (the file or its folder), then in the
 * jar, then where the system has its libraries.
 */
package io.ecgrid;
