using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Sharing.Server;

/// <summary>Signs in whoever sends a bearer token whose hash is in the configuration, or that a member made for himself.</summary>
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

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var token = header["Bearer ".Length..].Trim();
        var principal = PrincipalOf(server.CurrentValue, token, SchemeName)
            ?? (Context.RequestServices.GetService<OwnTokens>() is { } own ? await own.CheckAsync(token, SchemeName, Context.RequestAborted) : null);
        return principal is null
            ? AuthenticateResult.Fail("Unknown token.")
            : AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }
}
