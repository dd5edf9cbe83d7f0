using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Sharing.Server;

/// <summary>Signs in whoever sends a bearer token whose hash is in the configuration.</summary>
sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptionsMonitor<ServerOptions> server)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Token";

    public const string HostRole = "host";

    /// <summary>Whom a token signs in, or <c>null</c>.</summary>
    public static ClaimsPrincipal? PrincipalOf(ServerOptions server, string token, string scheme)
    {
        var hash = Tokens.HashOf(token);
        if (server.People.FirstOrDefault(p => p.TokenSha256 == hash) is { } person)
        {
            return new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, person.Id), new(ClaimTypes.Name, person.Name)], scheme));
        }

        return server.Hosts.Any(host => host.TokenSha256 == hash)
            ? new(new ClaimsIdentity([new(ClaimTypes.Role, HostRole)], scheme))
            : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var principal = PrincipalOf(server.CurrentValue, header["Bearer ".Length..].Trim(), SchemeName);
        return Task.FromResult(principal is null
            ? AuthenticateResult.Fail("Unknown token.")
            : AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName)));
    }
}
