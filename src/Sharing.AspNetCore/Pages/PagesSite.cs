using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sharing.AspNetCore;

/// <summary>Where the pages of this host are. Everything that a page links to comes from here, so that the path base and the prefix are respected.</summary>
sealed class PagesSite
{
    string? _prefix;

    /// <summary>Whether pages were mapped.</summary>
    public bool IsMapped => _prefix is not null;

    /// <summary>Whether this host shows a feed, threads and people.</summary>
    public bool HasNetwork { get; set; }

    /// <summary>Whether this host shows people their own posts.</summary>
    public bool HasPosts { get; set; }

    /// <summary>Whether this host is a terminal that shows the shares it is fetching.</summary>
    public bool HasTransfers { get; set; }

    /// <summary>Whether this host shows friends' apps.</summary>
    public bool HasApps { get; set; }

    /// <summary>Whether this host keeps people's photos.</summary>
    public bool HasPhotos { get; set; }

    /// <summary>Whether this host has people's inboxes.</summary>
    public bool HasMessages { get; set; }

    /// <summary>Whether people can take out and erase what this host keeps about them.</summary>
    public bool HasData { get; set; }

    public void MapAt(string prefix) => _prefix = prefix.TrimEnd('/');

    public static PagesSite Of(HttpContext context) => context.RequestServices.GetRequiredService<PagesSite>();

    /// <summary>A page's own address, from its path below the prefix.</summary>
    public static string Page(HttpContext context, string path) => context.Request.PathBase.ToUriComponent() + Of(context)._prefix + path;

    /// <summary>The address of something of the host's, from its path in the application.</summary>
    public static string Host(HttpContext context, string path) => context.Request.PathBase.ToUriComponent() + path;

    /// <summary>The address of the host's page for signing in, which leads back to <paramref name="back"/>.</summary>
    public static string? SignIn(HttpContext context, PagesOptions options, string back) =>
        options.SignInPath is { } path ? $"{Host(context, path)}?returnUrl={Uri.EscapeDataString(back)}" : null;
}
