using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing;

/// <summary>Puts Sharing on HTTP.</summary>
public static class SharingAspNetCoreExtensions
{
    /// <summary>Says whom the host has signed in.</summary>
    public static SharingBuilder WithCaller(this SharingBuilder sharing, Func<ClaimsPrincipal, PersonId?> person)
    {
        sharing.Services.Configure<CallerOptions>(options => options.Person = person);
        return sharing;
    }

    /// <summary>Says which callers are other hosts of the same operator: they may ask about anybody's relationships.</summary>
    public static SharingBuilder WithHosts(this SharingBuilder sharing, Func<ClaimsPrincipal, bool> isHost)
    {
        sharing.Services.Configure<CallerOptions>(options => options.IsHost = isHost);
        return sharing;
    }

    /// <summary>Tunes how stored contents go out.</summary>
    public static SharingBuilder WithServing(this SharingBuilder sharing, Action<ServingOptions> configure)
    {
        sharing.Services.AddOptions<ServingOptions>().Configure(configure).ValidateOnStart();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ServingOptions>, ServingOptions.Validator>());
        sharing.Services.TryAddSingleton<HandOver>();
        return sharing;
    }

    /// <summary>Maps the endpoints of the roles given, as far as this host has what they need, and those for uploads where it takes any. Map uploads once:
    /// where roles are mapped apart, each group has them.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">A path before all of them; it belongs into the public address, too.</param>
    /// <param name="roles">The roles.</param>
    /// <returns>The route group: the host's policies, CORS and limits apply to it. Links of posts for everyone must stay open to all, so a policy that
    /// wants a sign-in for every route also closes those: map the roles apart, each with its own.</returns>
    public static RouteGroupBuilder MapSharing(
        this IEndpointRouteBuilder endpoints, string prefix = "", SharingRoles roles = SharingRoles.Social | SharingRoles.Download)
    {
        var group = endpoints.MapGroup(prefix);
        group.AddEndpointFilter<RouteGroupBuilder, SharingFilter>();
        group.WithTags(EndpointDescriptions.Tag).DisableCookieRedirect(); // whoever asks for JSON is told 401, and not sent to a page
        var services = endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>();
        if (roles.HasFlag(SharingRoles.Social))
        {
            NetworkEndpoints.Map(group);
            RelationshipEndpoints.Map(group, writable: services.IsService(typeof(IRelationships)));
        }

        if ((roles & (SharingRoles.Download | SharingRoles.Posts)) != 0)
        {
            PostEndpoints.Map(group);
            AccountEndpoints.Map(group);
            group.Map("/d/{id}", (HttpContext context) => context.Missing()).ExcludeFromDescription();
        }

        if (roles.HasFlag(SharingRoles.Download))
        {
            LibraryEndpoints.Map(group);
        }

        if (roles.HasFlag(SharingRoles.Terminal))
        {
            DownloadEndpoints.Map(group);
            if (services.IsService(typeof(IShareFetches)))
            {
                TransferEndpoints.Map(group);
            }

            if (services.IsService(typeof(ISharedFolders)))
            {
                FolderEndpoints.Map(group);
            }
        }

        if (roles.HasFlag(SharingRoles.Data))
        {
            ShareEndpoints.Map(group);
            ShareEndpoints.MapDeliveries(group);
            ShareEndpoints.MapTicketKey(group);
            LinkEndpoints.Map(group);
        }

        if (roles.HasFlag(SharingRoles.Index))
        {
            ShareEndpoints.MapIndex(group);
        }

        if ((roles & (SharingRoles.Data | SharingRoles.Peer)) != 0)
        {
            PeerEndpoints.Map(group);
        }

        if (roles.HasFlag(SharingRoles.Peer))
        {
            OriginEndpoints.Map(group);
            PeerEndpoints.MapTerminal(group);
        }

        if (roles.HasFlag(SharingRoles.Radar))
        {
            RadarEndpoints.Map(group);
        }

        if (roles.HasFlag(SharingRoles.Apps))
        {
            AppEndpoints.Map(group);
        }

        if (roles.HasFlag(SharingRoles.Photos))
        {
            PhotoEndpoints.Map(group);
        }

        if (roles.HasFlag(SharingRoles.Messages))
        {
            MessageEndpoints.Map(group);
        }

        if (services.IsService(typeof(IUploadReceiver)))
        {
            UploadEndpoints.Map(group);
        }

        if ((roles & ~(SharingRoles.Social | SharingRoles.Peer)) != SharingRoles.None && services.IsService(typeof(IDataProtectionProvider))) // the others have no events of a person's own
        {
            StreamTicketEndpoints.Map(group);
        }

        if ((roles & ~(SharingRoles.Peer | SharingRoles.Index | SharingRoles.Terminal)) != SharingRoles.None)
        {
            PersonalEndpoints.Map(endpoints, group);
        }

        // The last resort. Roles may be mapped apart, under different policies: then the first of these answers.
        var order = endpoints.DataSources.Count;
        group.Map("/v1/{**path}", (HttpContext context) => context.Missing()).ExcludeFromDescription()
            .Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = order);
        return group;
    }
}
