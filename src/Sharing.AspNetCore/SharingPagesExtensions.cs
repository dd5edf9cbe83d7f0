using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Apps;
using Sharing.AspNetCore;
using Sharing.Messaging;
using Sharing.Offline;
using Sharing.P2P;
using Sharing.Photos;

namespace Sharing;

/// <summary>Shows Sharing to people.</summary>
public static class SharingPagesExtensions
{
    /// <summary>Adds what the pages need: their files, antiforgery, and their fit into the product.</summary>
    public static SharingBuilder AddPages(this SharingBuilder sharing, Action<PagesOptions>? configure = null)
    {
        var services = sharing.Services;
        services.AddAntiforgery();
        services.TryAddSingleton<PagesSite>();
        services.TryAddSingleton<PageAssets>();
        services.AddOptions<PagesOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PagesOptions>, PagesOptions.Validator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return sharing;
    }

    /// <summary>Maps the pages of the roles that this host has: feed and threads, people, a person's own posts, friends' apps, the transfers of a terminal.</summary>
    /// <param name="endpoints">The application. It authenticates before: the pages ask whom the host has signed in.</param>
    /// <param name="prefix">A path before all of them.</param>
    /// <param name="roles">The pages of which roles, of those that this host has; <c>null</c>: of all.</param>
    /// <returns>The route group: the host's policies and limits apply to it. Posts for everyone must stay open to all, so a policy that wants a
    /// sign-in for every route also closes those.</returns>
    /// <exception cref="InvalidOperationException"><see cref="AddPages"/> was not called.</exception>
    public static RouteGroupBuilder MapSharingPages(this IEndpointRouteBuilder endpoints, string prefix = "", SharingRoles? roles = null)
    {
        var services = endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>();
        if (endpoints.ServiceProvider.GetService<PagesSite>() is not { } site || !services.IsService(typeof(IAntiforgery)))
        {
            throw new InvalidOperationException("Pages need services: call AddSharing(sharing => sharing.AddPages()).");
        }

        site.MapAt(prefix);
        bool Has(SharingRoles any, params ReadOnlySpan<Type> needs)
        {
            var has = roles is not { } some || (some & any) != SharingRoles.None;
            foreach (var need in needs)
            {
                has &= services.IsService(need);
            }

            return has;
        }

        site.HasNetwork = Has(SharingRoles.Social, typeof(ISocialNetwork));
        site.HasTransfers = Has(SharingRoles.Terminal, typeof(IShareFetches));
        site.HasApps = Has(SharingRoles.Apps, typeof(IAppLists), typeof(ICompatibilityMatcher), typeof(OutsideCatalogs));
        site.HasPhotos = Has(SharingRoles.Photos, typeof(IPhotoEntries), typeof(IPhotos));
        site.HasMessages = Has(SharingRoles.Messages, typeof(IInboxFeed), typeof(IMessages), typeof(ICatalog));
        site.HasPosts = Has(SharingRoles.Download | SharingRoles.Posts, typeof(IPosts), typeof(IAccounts));
        var group = endpoints.MapGroup(prefix);
        PageAssets.Map(group);
        var pages = group.MapGroup("");
        pages.AddEndpointFilter<RouteGroupBuilder, PageFilter>();
        if (site.HasNetwork)
        {
            FeedPages.Map(pages);
            ThreadPages.Map(pages);
            PeoplePages.Map(pages);
        }
        else
        {
            FeedPages.MapWithout(pages);
        }

        if (site.HasPosts)
        {
            OwnPages.Map(pages);
        }

        if (site.HasApps)
        {
            AppPages.Map(pages);
        }

        if (site.HasPhotos)
        {
            EntryPages.Map(pages);
            PhotoPages.Map(pages);
        }

        if (site.HasMessages)
        {
            InboxPages.Map(pages);
            MessagePages.Map(pages);
            CatalogPages.Map(pages);
        }

        if (site.HasTransfers)
        {
            TransferPages.Map(pages);
        }

        if (site.HasData = !site.HasTransfers && Has(SharingRoles.Social | SharingRoles.Download | SharingRoles.Posts | SharingRoles.Apps | SharingRoles.Photos | SharingRoles.Messages)) // a terminal has no more than its own person gave it
        {
            PersonalPages.Map(pages);
        }

        return group;
    }
}
