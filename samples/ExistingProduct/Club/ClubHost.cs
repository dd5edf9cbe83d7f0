using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace HikingClub;

/// <summary>The web application of a hiking club: members, friends, tours, a sign-in. Sharing is taken in by the two calls marked below.</summary>
static class ClubHost
{
    public const string MemberClaim = "member";

    public static async Task<WebApplication> BuildAsync(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args, ApplicationName = typeof(ClubHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory,
        });
        var club = builder.Configuration.GetSection("Club").Get<ClubSettings>() ?? new();
        builder.Services.AddSingleton(club).AddSingleton<QueryCounter>().AddSingleton<ClubDatabase>().AddSingleton<Members>().AddSingleton<Tours>();
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(club.Data, "keys")));
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "club";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = "/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
        });
        builder.Services.AddRazorPages(pages => pages.Conventions.AuthorizePage("/Members"));
        builder.Services.AddClubSharing(club); // Sharing, one of two

        var app = builder.Build();
        app.UsePathBase(club.Address.AbsolutePath.TrimEnd('/'));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapRazorPages();
        app.MapGet("/club.css", () => Results.Stream(typeof(ClubHost).Assembly.GetManifestResourceStream("club.css")!, "text/css; charset=utf-8"));
        app.MapGet("/tracks/{id:long}.gpx", async (long id, Tours tours, CancellationToken cancellationToken) =>
            await tours.FindAsync(id, cancellationToken) is { } tour ? Results.Text(tour.Track(), "application/gpx+xml") : Results.NotFound());
        app.MapClubSharing(); // Sharing, two of two

        await app.Services.GetRequiredService<ClubDatabase>().CreateAsync();
        await Demo.FillAsync(app.Services.GetRequiredService<Members>(), app.Services.GetRequiredService<Tours>(), CancellationToken.None);
        return app;
    }
}
