using Sharing.AspNetCore;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Members beside the people of the configuration: they are in the records, join by invitation, and sign in by a code. Switched on by <see cref="MembersOptions.Enabled"/>.</summary>
static class MembersExtensions
{
    public static void AddMembers(this IServiceCollection services)
    {
        services.AddSingleton<MemberBook>().AddSingleton<Sessions>().AddSingleton<OwnTokens>().AddSingleton<MemberOutbox>().AddSingleton<OneTimeLinks>().AddSingleton<SignInCodes>().AddSingleton<MemberMails>();
        services.AddSingleton<ISweep, MemberSweep>().AddSingleton<IPersonalData, MembersPersonalData>();
        services.AddBackgroundWork<MemberWork>();
        services.AddHostedService<FirstAdministrator>();
        services.Configure<PagesOptions>(static pages =>
        {
            pages.Links.Add(new("/me/devices", "Devices") { Claim = Sessions.Claim });
            pages.Links.Add(new("/members", "Members") { Claim = System.Security.Claims.ClaimTypes.Role, Value = Member.Administrator });
        });
    }

    public static void MapMembers(this WebApplication app)
    {
        var open = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter<RouteGroupBuilder, MemberFilter>();
        JoinPages.Map(open);
        CodePages.Map(open);
        MemberPages.Map(app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(MemberPages.AdministratorsAsync).AddEndpointFilter<RouteGroupBuilder, MemberFilter>());
        DevicePages.Map(app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(DevicePages.MembersAsync).AddEndpointFilter<RouteGroupBuilder, MemberFilter>());
    }
}
